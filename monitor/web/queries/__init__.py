"""What the pages read, as rows: SQL lives here, pages choose and show. Every store is read-only."""
