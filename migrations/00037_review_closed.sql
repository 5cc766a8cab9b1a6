-- +goose Up
-- Which files a sample is drawn from: monitoring looks at those of people who left as well.
alter table file_reviews add kind text not null default 'open' check (kind in ('open', 'exited', 'all'));

-- +goose Down
alter table file_reviews drop kind;
