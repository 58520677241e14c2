"""From a scored mention to a message: rules decide (pure), rows are written, the outbox sends."""
