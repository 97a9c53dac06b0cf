import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CourseAnswer, SweepState } from '@l2bn/core/sweep';
import { sendError, sendJson } from './responses.ts';
import { coursesOf } from './thin-state.ts';

/** `?trials=0,17,4` with at most as many numbers as the page draws curves. */
const QUERY = /\?trials=(\d{1,9}(?:,\d{1,9}){0,499})$/;

/**
 * `GET /api/courses?trials=0,17,4`: a `CourseAnswer` with the courses of these trials, by their place in the plan, as many of
 * the first as fit into `limit` bytes.
 */
export function sendCourses(
  request: IncomingMessage,
  response: ServerResponse,
  { state, limit }: { state: SweepState; limit: number },
): void {
  const asked = QUERY.exec(request.url ?? '')?.[1];
  if (asked === undefined) {
    sendError(response, 400, 'want ?trials= with 1 to 500 places in the plan');
    return;
  }
  const answer: CourseAnswer = { courses: coursesOf(state, asked.split(',').map(Number), limit) };
  sendJson(response, 200, answer);
}
