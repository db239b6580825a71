package dev.hone.model.template;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;

/** Texts of the characters that templates are made of. */
@Target({ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Chars({
    '{', '}', '%', '#', '(', ')', '[', ']', '|', '.', ',', ':', '=', '-', '+', '~', '\'', '"', '\\', ' ', '\n', 's',
    'l', 'd', '1'
})
@CharRange(from = 'a', to = 'f')
@interface TemplateLike {}
