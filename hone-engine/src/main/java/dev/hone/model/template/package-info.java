/**
 * The part of Jinja that chat templates use, rendered as Python's jinja2 renders it under the settings of Hugging Face's
 * transformers: an immutable sandbox, {@code trim_blocks}, {@code lstrip_blocks}, {@code break} and {@code continue},
 * {@code {% generation %}}, and {@code tojson} without HTML escaping. Reads a template's source and plain values; writes
 * text. Values are data: text that looks like a template stays text. Pure Java: no file, no network, no native code.
 */
@NullMarked
package dev.hone.model.template;

import org.jspecify.annotations.NullMarked;
