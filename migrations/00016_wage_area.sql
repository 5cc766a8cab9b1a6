-- The area under which the Bureau of Labor Statistics publishes an agency's local pay. It is not the region of the
-- catalogue, whose code is the agency's own.
-- +goose Up
alter table agencies add column wage_area text not null default '' check (wage_area ~ '^([0-9]{5,7})?$');

-- +goose Down
alter table agencies drop column wage_area;
