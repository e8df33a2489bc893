"""The bucket of a cluster: S3, Google Cloud Storage, Azure, or a folder that its hosts share."""
