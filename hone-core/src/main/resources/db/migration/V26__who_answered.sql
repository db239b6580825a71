-- Who answered a watched call: [live support/2], [candidate support/3], [fallback] in place of another that had been asked, or [declared] by the charter. Null
-- where attempts say nothing of it, and of what was taken in before this: to fill it in, every row would be looked through.
ALTER TABLE watched_call ADD COLUMN answered text;

-- Whose calls a reference is of; null of whomever, as those that were taken before this.
ALTER TABLE watch_reference ADD COLUMN answered text;
