/**
 * Who answers a call: which variant of a use case, how often it is asked again, and who is asked when it does not answer. Pure
 * decisions over outcomes and a clock; asks nobody itself.
 */
@NullMarked
package dev.hone.capture.route;

import org.jspecify.annotations.NullMarked;
