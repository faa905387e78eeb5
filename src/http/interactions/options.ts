import type { Context, FhirRequest, FhirResponse, Method } from '../request/exchange.ts';
import { MethodNotAllowed, route } from '../request/route.ts';

/** OPTIONS: the methods of a path, in Allow. */
export async function options(_context: Context, request: FhirRequest): Promise<FhirResponse> {
  return { status: 204, headers: { allow: allowedMethods(request.path) } };
}

/** Asks the router for a method that no path has; its refusal lists those that it has. */
function allowedMethods(path: string): string {
  try {
    route('NONE' as Method, path);
  } catch (error) {
    if (error instanceof MethodNotAllowed) return error.allow;
    throw error;
  }
  return '';
}
