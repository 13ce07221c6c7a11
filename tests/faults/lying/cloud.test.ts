import { testLies } from './test-lies.ts';

testLies('cloud');
