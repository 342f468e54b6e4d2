-- The publications of a product that have not ended: a person asks for their pull requests later than they were pushed.

CREATE INDEX pull_requests_of_product ON pull_requests (product_id, created_at, id)
    WHERE status NOT IN ('MERGED', 'CLOSED');
