-- What became of a branch, over all of its publications.

CREATE INDEX pull_requests_of_branch ON pull_requests (repo_url, branch, created_at, id);
