/**
 * Tensors in memory and on disk: native scopes, safetensors and GGUF files. Reads model files; writes safetensors.
 */
@NullMarked
package dev.hone.tensor;

import org.jspecify.annotations.NullMarked;
