/**
 * Pages for people who are signed in: what passed, what it cost, how good it was, and who may do what. Reads the store and folders of runs;
 * writes keys, people and the audit log. Every page is of one project, and what belongs to another is not found.
 */
@NullMarked
package dev.hone.web.site;

import org.jspecify.annotations.NullMarked;
