//! A bucket per test, and a look at what lies in it.

use crate::env;
use s3::{Bucket, BucketConfiguration, Region, creds::Credentials};
use uuid::Uuid;

/// A bucket of one test's own, opened with the store's root key.
pub struct TestBucket {
    bucket: Box<Bucket>,
}

impl TestBucket {
    /// Makes one on the store at `endpoint`.
    ///
    /// # Panics
    /// When the store will not.
    pub async fn create(endpoint: &str) -> Self {
        // Short: s3s-fs makes a file name of bucket and key, which may have 255 bytes.
        let random = Uuid::new_v4().simple().to_string();
        let name = format!("test-{}", random.split_at(16).0);
        let region = Region::Custom {
            region: "us-east-1".to_owned(),
            endpoint: endpoint.to_owned(),
        };
        let (user, password) = (env("MINIO_ROOT_USER"), env("MINIO_ROOT_PASSWORD"));
        let credentials = Credentials::new(Some(&user), Some(&password), None, None, None).unwrap();
        let made = Bucket::create_with_path_style(
            &name,
            region,
            credentials,
            BucketConfiguration::default(),
        )
        .await
        .unwrap();
        Self {
            bucket: made.bucket.with_path_style(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.bucket.name
    }

    /// Every key in it.
    ///
    /// # Panics
    /// When the store does not answer.
    pub async fn keys(&self) -> Vec<String> {
        let pages = self.bucket.list(String::new(), None).await.unwrap();
        pages
            .into_iter()
            .flat_map(|page| page.contents)
            .map(|object| object.key)
            .collect()
    }

    /// How many uploads in parts were begun and came to no end.
    ///
    /// # Panics
    /// When the store does not answer.
    pub async fn unfinished(&self) -> usize {
        let pages = self.bucket.list_multiparts_uploads(None, None);
        pages
            .await
            .unwrap()
            .iter()
            .map(|page| page.uploads.len())
            .sum()
    }

    /// Puts other bytes where an object is, or a new one, behind the vault's back.
    ///
    /// # Panics
    /// When the store does not answer.
    pub async fn write(&self, key: &str, bytes: &[u8]) {
        self.bucket.put_object(key, bytes).await.unwrap();
    }

    /// An object's bytes.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn read(&self, key: &str) -> Vec<u8> {
        self.bucket.get_object(key).await.unwrap().to_vec()
    }

    /// Removes an object behind the vault's back.
    ///
    /// # Panics
    /// When the store does not answer.
    pub async fn remove(&self, key: &str) {
        self.bucket.delete_object(key).await.unwrap();
    }
}
