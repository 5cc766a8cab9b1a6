-- Searching people: the first name before the last is kept folded as the other order is, so that a search
-- folds nobody's name; and whom an office or somebody took in is found by index.
-- +goose Up
alter table participants add column given_key text collate "C" generated always as (app.fold(first_name || ' ' || last_name)) stored;
create index participants_by_office on participants (agency_id, office_id);
create index participants_by_maker on participants (agency_id, created_by);
