//! Which key may touch which bucket.

use s3s::access::{S3Access, S3AccessContext};
use s3s::dto::{CopyObjectInput, CopySource, UploadPartCopyInput};
use s3s::path::S3Path;
use s3s::{S3Request, S3Result, s3_error};

/// What the names of test buckets begin with.
const TEST_BUCKETS: &str = "test-";

/// The root key may do everything, any other key only what is in the application's buckets.
pub struct Scoped {
    root: String,
    bucket: String,
}

impl Scoped {
    /// Rules for one application bucket.
    pub fn new(root: &str, bucket: &str) -> Self {
        Self {
            root: root.to_owned(),
            bucket: bucket.to_owned(),
        }
    }

    /// Whether this key may do something in this bucket.
    pub fn check_bucket(&self, key: Option<&str>, bucket: Option<&str>) -> S3Result<()> {
        let Some(key) = key else {
            return Err(s3_error!(AccessDenied, "A signature is required."));
        };
        let may = key == self.root
            || bucket.is_some_and(|name| name == self.bucket || name.starts_with(TEST_BUCKETS));
        if may {
            Ok(())
        } else {
            Err(s3_error!(AccessDenied, "This key is for another bucket."))
        }
    }

    /// A copy reads from a second bucket, which only its header names.
    fn check_source<T>(&self, request: &S3Request<T>, source: &CopySource) -> S3Result<()> {
        let key = request
            .credentials
            .as_ref()
            .map(|credentials| credentials.access_key.as_str());
        match source {
            CopySource::Bucket { bucket, .. } => self.check_bucket(key, Some(bucket)),
            CopySource::AccessPoint { .. } | CopySource::Outpost { .. } => {
                self.check_bucket(key, None)
            }
        }
    }
}

#[async_trait::async_trait]
impl S3Access for Scoped {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let key = context
            .credentials()
            .map(|credentials| credentials.access_key.as_str());
        let bucket = match context.s3_path() {
            S3Path::Root => None,
            S3Path::Bucket { bucket } | S3Path::Object { bucket, .. } => Some(&**bucket),
        };
        self.check_bucket(key, bucket)
    }

    async fn copy_object(&self, request: &mut S3Request<CopyObjectInput>) -> S3Result<()> {
        self.check_source(request, &request.input.copy_source)
    }

    async fn upload_part_copy(&self, request: &mut S3Request<UploadPartCopyInput>) -> S3Result<()> {
        self.check_source(request, &request.input.copy_source)
    }
}
