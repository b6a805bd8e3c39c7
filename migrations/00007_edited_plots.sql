-- +goose Up
-- Views of another day read the earlier versions of plots that were ever edited.
CREATE INDEX plots_edited ON plots (id) WHERE version > 1;

-- +goose Down
DROP INDEX plots_edited;
