-- The calls of an episode in their order, however many there are.

CREATE INDEX trace_episode_order ON trace (episode, id) WHERE episode IS NOT NULL;
DROP INDEX trace_episode;
