import type { FaultParameter } from './fault.ts';
import { faultConditions } from './fault-conditions.ts';
import { faults, isFaultName, type FaultName } from './faults.ts';
import { WrongFault } from './wrong-fault.ts';

/** A fault with its parameters and conditions by name. */
export type FaultSpec = Readonly<{ name: FaultName; [parameter: string]: string | number | boolean }>;

/** Reads `NAME:key=value,key=value`; throws `WrongFault` for a name or parameter that does not exist. */
export function parseFault(text: string): FaultSpec {
  const [name = '', ...rest] = text.split(':');
  if (!isFaultName(name))
    throw new WrongFault(`there is no fault ${name}; there are ${Object.keys(faults).join(', ')}`);
  const pairs = rest
    .join(':')
    .split(',')
    .filter((pair) => pair !== '')
    .map(readPair);
  return checkFault({ ...Object.fromEntries(pairs), name });
}

/** Checks a fault's parameters; throws `WrongFault`. A parameter of the fault itself hides a condition of its name. */
export function checkFault(spec: FaultSpec): FaultSpec {
  if (!isFaultName(spec.name)) throw new WrongFault(`there is no fault ${String(spec.name)}`);
  for (const [name, value] of Object.entries(spec)) {
    if (name !== 'name') checkValue(spec.name, name, value);
  }
  return spec;
}

/** The declaration of a fault's parameter or condition; undefined where there is none. */
export function parameterOf(fault: FaultName, name: string): FaultParameter | undefined {
  const parameters: Readonly<Record<string, FaultParameter>> = {
    ...faultConditions,
    ...faults[fault].parameters,
  };
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

function readPair(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals === -1) throw new WrongFault(`${pair} is not of the form key=value`);
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

function checkValue(fault: FaultName, name: string, value: string | number | boolean): void {
  const parameter = parameterOf(fault, name);
  if (parameter === undefined) throw new WrongFault(`the fault ${fault} has no parameter ${name}`);
  if (parameter.choices?.includes(String(value)) === false) {
    const choices = parameter.choices.join(', ');
    throw new WrongFault(`${name} of the fault ${fault} is one of ${choices}, not ${String(value)}`);
  }
  if (parameter.kind === 'number' && Number.isNaN(Number(value))) {
    throw new WrongFault(`${name} of the fault ${fault} is no number: ${String(value)}`);
  }
}
