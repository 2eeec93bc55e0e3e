//! Puts some topics and documents into an empty vault, through the same API that everybody uses.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use supervisor::accepted;

const TOPICS: [(&str, &str, &str); 5] = [
    (
        "Energy",
        "Electricity, gas and heating: contracts, meter readings, yearly statements.",
        "#d97706",
    ),
    (
        "Housing",
        "Rent, landlord, service charges and repairs of the flat.",
        "#0d9488",
    ),
    (
        "Banking",
        "Account statements, cards, transfers and loans.",
        "#2563eb",
    ),
    (
        "Insurance",
        "Policies, premiums, claims and letters of insurers.",
        "#9333ea",
    ),
    (
        "Taxes",
        "Tax returns, assessments and letters of the tax office.",
        "#dc2626",
    ),
];

/// Does nothing in a vault that has a document or a topic.
pub async fn fill(url: &str, token: &str, folder: &Path) -> Result<()> {
    let client = signed_in(token)?;
    if !is_empty(&client, url).await? {
        return Ok(());
    }
    for (name, description, color) in TOPICS {
        let topic = json!({"name": name, "description": description, "color": color});
        let request = client.post(format!("{url}/api/topics")).json(&topic);
        accepted(request.send().await?)
            .await
            .with_context(|| format!("topic {name}"))?;
    }
    for file in files(folder)? {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let part = Part::bytes(std::fs::read(&file)?).file_name(name.clone());
        let request = client
            .post(format!("{url}/api/documents/upload"))
            .multipart(Form::new().part("file", part));
        match accepted(request.send().await?).await {
            Ok(_) => println!("Uploaded the sample {name}"),
            Err(error) => println!("The sample {name} was refused: {error}"),
        }
    }
    Ok(())
}

/// A client that sends the token with every request.
fn signed_in(token: &str) -> Result<Client> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
    bearer.set_sensitive(true);
    let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
    Ok(Client::builder()
        .no_proxy()
        .default_headers(headers)
        .build()?)
}

async fn is_empty(client: &Client, url: &str) -> Result<bool> {
    let get = async |path: &str| {
        let answer = client.get(format!("{url}{path}")).send().await?;
        accepted(answer).await.with_context(|| path.to_owned())
    };
    let documents = get("/api/documents").await?;
    let topics = get("/api/topics").await?;
    let no_topics = topics["topics"].as_array().is_some_and(Vec::is_empty);
    Ok(documents["total"] == 0 && no_topics)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("`{}` could not be read", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        // The folder's notes, and the script that made the rest, are no documents.
        if entry.file_type()?.is_file() && !matches!(extension, None | Some("md" | "py")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
