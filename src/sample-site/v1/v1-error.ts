import { jsonAnswer } from '../http/answer.ts';
import { Refusal } from '../http/refusal.ts';

/** What an error says apart from its message. */
type ErrorFacts = Readonly<{ authorized?: boolean; reason: string; translation?: string }>;

/** An error in the shape of the v1 API, which is also Data Center's. */
export function v1Error(
  status: number,
  message: string,
  { authorized = false, reason, translation }: ErrorFacts,
): Refusal {
  const errors = translation === undefined ? [] : [{ message: { translation, args: [] } }];
  const data = { authorized, valid: status === 403, errors, successful: false };
  return new Refusal(jsonAnswer({ statusCode: status, data, message, reason }, status));
}

/** The error for content that is not there, or not for this viewer. */
export function noContent(id: string): Refusal {
  const translation = `No content with id <ContentId{id=${id}}> can be found`;
  const message = `com.atlassian.confluence.api.service.exceptions.NotFoundException: No content found with id: ContentId{id=${id}}`;
  return v1Error(404, message, { reason: 'Not Found', translation });
}

/** The error for a request that makes no sense. */
export function badRequest(message: string): Refusal {
  return v1Error(400, `com.atlassian.confluence.api.service.exceptions.BadRequestException: ${message}`, {
    authorized: true,
    reason: 'Bad Request',
  });
}
