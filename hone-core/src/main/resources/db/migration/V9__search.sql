-- What a search of traces begins with, beside those of a use case, a project, an episode and a tag.

CREATE INDEX trace_unanswered ON trace (project, id) WHERE ended <> 'answered';
CREATE INDEX feedback_project_name ON feedback (project, name, trace) WHERE trace IS NOT NULL;
CREATE INDEX feedback_project_trace ON feedback (project, trace) WHERE trace IS NOT NULL;
