//! `ListMultipartUploads`, which s3s-fs has not: a vault ends uploads in parts that a killed server
//! left, and its tests want to see that.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Extensions, HeaderMap, Method, Uri};
use s3s::dto::{Timestamp, TimestampFormat};
use s3s::route::S3Route;
use s3s::{Body, S3Request, S3Response, S3Result, s3_error};

use super::super::access::Scoped;

/// Answers `GET /bucket?uploads` from the files in which s3s-fs keeps what is unfinished.
pub struct Unfinished {
    objects: PathBuf,
    access: Scoped,
}

struct Upload {
    key: String,
    id: String,
    begun: String,
}

impl Unfinished {
    /// What is unfinished among these objects, for those whom the rules let.
    pub fn new(objects: &Path, access: Scoped) -> Self {
        Self {
            objects: objects.to_owned(),
            access,
        }
    }

    /// s3s-fs calls what it keeps of an upload `.bucket-B.object-K.upload-ID.metadata.json`, bucket and
    /// key in Base64.
    fn uploads(&self, bucket: &str) -> io::Result<Vec<Upload>> {
        let prefix = format!(".bucket-{}.object-", URL_SAFE_NO_PAD.encode(bucket));
        let mut uploads = Vec::new();
        for entry in std::fs::read_dir(&self.objects)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((key, id)) = name
                .strip_prefix(&prefix)
                .and_then(|rest| rest.strip_suffix(".metadata.json"))
                .and_then(|rest| rest.split_once(".upload-"))
            else {
                continue;
            };
            let Some(key) = URL_SAFE_NO_PAD
                .decode(key)
                .ok()
                .and_then(|key| String::from_utf8(key).ok())
            else {
                continue;
            };
            uploads.push(Upload {
                key,
                id: id.to_owned(),
                begun: written(&entry.metadata()?.modified()?.into()),
            });
        }
        Ok(uploads)
    }
}

fn written(at: &Timestamp) -> String {
    let mut text = Vec::new();
    // Into memory nothing fails, and no file's time is out of range.
    let _ = at.format(TimestampFormat::DateTime, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// All on one page: there are never many. Keys are the vault's own and need no escaping.
fn page(bucket: &str, uploads: &[Upload]) -> String {
    let uploads: String = uploads
        .iter()
        .map(|upload| {
            format!(
                "<Upload><Key>{}</Key><UploadId>{}</UploadId><StorageClass>STANDARD</StorageClass>\
                 <Initiated>{}</Initiated></Upload>",
                upload.key, upload.id, upload.begun
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListMultipartUploadsResult><Bucket>{bucket}</Bucket>\
         <MaxUploads>1000</MaxUploads><IsTruncated>false</IsTruncated>{uploads}</ListMultipartUploadsResult>"
    )
}

fn bucket<T>(request: &S3Request<T>) -> &str {
    request.uri.path().trim_matches('/')
}

#[async_trait::async_trait]
impl S3Route for Unfinished {
    fn is_match(
        &self,
        method: &Method,
        uri: &Uri,
        _headers: &HeaderMap,
        _extensions: &mut Extensions,
    ) -> bool {
        let query = uri.query().unwrap_or_default();
        method == Method::GET
            && !uri.path().trim_matches('/').contains('/')
            && query
                .split('&')
                .any(|part| matches!(part, "uploads" | "uploads="))
    }

    async fn check_access(&self, request: &mut S3Request<Body>) -> S3Result<()> {
        let key = request
            .credentials
            .as_ref()
            .map(|credentials| credentials.access_key.as_str());
        self.access.check_bucket(key, Some(bucket(request)))
    }

    async fn call(&self, request: S3Request<Body>) -> S3Result<S3Response<Body>> {
        let bucket = bucket(&request);
        let uploads = self
            .uploads(bucket)
            .map_err(|error| s3_error!(error, InternalError))?;
        Ok(S3Response::new(Body::from(page(bucket, &uploads))))
    }
}
