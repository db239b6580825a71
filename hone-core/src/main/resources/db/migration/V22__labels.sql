-- What counts of what people say is right: of each person the last, and of those who gave no name the last where nobody gave one. Two rows of a trace are of two
-- people; whether they say the same is for whoever reads them.
CREATE VIEW demonstration_in_force AS
SELECT f.*
  FROM feedback_in_force f
 WHERE f.kind = 'demonstration' AND f.trace IS NOT NULL
   AND NOT EXISTS (SELECT FROM feedback_in_force l
                    WHERE l.trace = f.trace AND l.kind = 'demonstration'
                      AND (f.author IS NULL AND l.author IS NOT NULL OR l.author IS NOT DISTINCT FROM f.author AND l.id > f.id));

-- A copy that came after its call was watched is looked at, once.
ALTER TABLE watched_call ADD COLUMN compared timestamptz;
