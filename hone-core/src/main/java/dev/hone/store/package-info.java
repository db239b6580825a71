/**
 * What Hone remembers in PostgreSQL: use cases, traces, feedback, tasks, datasets, graders, runs, evaluations, model versions and
 * their aliases, keys, people and what they did. Runs the bundled server as a child, or takes the one that {@code HONE_DB_URL} names. The only package that knows
 * SQL; reads and writes the database and its folder.
 */
@NullMarked
package dev.hone.store;

import org.jspecify.annotations.NullMarked;
