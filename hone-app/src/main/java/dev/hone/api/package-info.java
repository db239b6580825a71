/**
 * The HTTP server: OpenAI's chat completions over a model in a worker process. Reads requests, which it neither stores nor
 * logs; writes answers.
 */
@NullMarked
package dev.hone.api;

import org.jspecify.annotations.NullMarked;
