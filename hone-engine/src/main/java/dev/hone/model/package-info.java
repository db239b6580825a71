/**
 * Decoder-only transformers as data: configuration, weights, LoRA adapters, tokenizer, chat template. Reads model
 * folders and GGUF files; writes model folders.
 */
@NullMarked
package dev.hone.model;

import org.jspecify.annotations.NullMarked;
