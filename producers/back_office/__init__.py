"""The simulated back office: the loyalty, stock and master data systems, which send files once a business day."""
