//! Every variable: what it is for, what it should look like. Told to whoever set one wrong.

/// A variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Whether its value is shown to nobody.
    pub is_secret: bool,
    /// What it says.
    pub expected: &'static str,
    /// A value that is acceptable.
    pub example: &'static str,
}

const fn open(name: &'static str, expected: &'static str, example: &'static str) -> Variable {
    Variable {
        name,
        is_secret: false,
        expected,
        example,
    }
}

const fn secret(name: &'static str, expected: &'static str, example: &'static str) -> Variable {
    Variable {
        name,
        is_secret: true,
        expected,
        example,
    }
}

/// All of them.
pub const VARIABLES: &[Variable] = &[
    secret(
        "DATABASE_URL",
        "the address of PostgreSQL as the app role",
        "postgres://docuvault_app:password@localhost:5432/docuvault",
    ),
    secret(
        "DATABASE_MIGRATE_URL",
        "the address of PostgreSQL as the migrate role",
        "postgres://docuvault_migrate:password@localhost:5432/docuvault",
    ),
    open(
        "MINIO_ENDPOINT",
        "the address of the object store's S3 API",
        "http://localhost:9000",
    ),
    open(
        "MINIO_PUBLIC_ENDPOINT",
        "the address at which browsers reach the object store, or nothing",
        "https://files.example.org",
    ),
    open(
        "MINIO_REGION",
        "the region that signatures name",
        "us-east-1",
    ),
    open(
        "MINIO_BUCKET",
        "a bucket's name: 3 to 63 of a-z, 0-9, `-` and `.`",
        "docuvault",
    ),
    secret(
        "MINIO_ACCESS_KEY",
        "the id of a key that may touch the bucket",
        "docuvault-app",
    ),
    secret(
        "MINIO_SECRET_KEY",
        "the secret of that key",
        "the-secret-of-that-key",
    ),
    secret(
        "SECRET_KEY",
        "at least 32 random characters, for example from `openssl rand -hex 32`",
        "0000000000000000-an-example-only",
    ),
    secret(
        "SECRET_KEY_PREVIOUS",
        "the SECRET_KEY before this one, or nothing",
        "1111111111111111-an-example-only",
    ),
    open("REGISTRATION", "open, invite or closed", "invite"),
    open("DEFAULT_QUOTA_BYTES", "a number of bytes", "104857600"),
    secret(
        "SMTP_URL",
        "the address of the mail server, or nothing",
        "smtp://user:password@mail.example.org:587?tls=required",
    ),
    open(
        "MAIL_FROM",
        "an address, or a name and an address, that mail comes from",
        "DocuVault <vault@example.org>",
    ),
    secret(
        "REDIS_URL",
        "the address of Redis, with its password",
        "redis://:password@localhost:6379/",
    ),
    open(
        "REDIS_PREFIX",
        "a word of at most 64 letters, digits, `-` and `_`",
        "docuvault",
    ),
    open(
        "LISTEN",
        "an address and port to listen on",
        "127.0.0.1:8000",
    ),
    open(
        "PUBLIC_URL",
        "the address at which people reach the vault",
        "https://vault.example.org/",
    ),
    open(
        "TRUSTED_PROXIES",
        "addresses or networks, separated by commas",
        "10.0.0.0/8",
    ),
    open(
        "CORS_ORIGINS",
        "addresses of other web apps, separated by commas",
        "https://app.example.org",
    ),
    open(
        "MAX_UPLOAD_BYTES",
        "a number of bytes, at least 1",
        "536870912",
    ),
    secret(
        "ANTHROPIC_API_KEY",
        "a key without spaces, or nothing",
        "sk-ant-example",
    ),
    secret(
        "OPENAI_API_KEY",
        "a key without spaces, or nothing",
        "sk-example",
    ),
    open(
        "ANTHROPIC_URL",
        "the address of Anthropic's API",
        "https://api.anthropic.com/v1/",
    ),
    open(
        "OPENAI_URL",
        "the address of OpenAI's API",
        "https://api.openai.com/v1/",
    ),
    open(
        "OLLAMA_URL",
        "the address of Ollama",
        "http://localhost:11434/",
    ),
    open(
        "LMSTUDIO_URL",
        "the address of LM Studio",
        "http://localhost:1234/v1/",
    ),
    open(
        "PROVIDER_TIMEOUT_SECONDS",
        "a number of seconds, 1 to 86400 (a day)",
        "60",
    ),
    open("WORKER_CONCURRENCY", "a number of jobs, 1 to 64", "2"),
    open(
        "WORKER_LEASE_SECONDS",
        "a number of seconds, 1 to 86400 (a day)",
        "30",
    ),
    open(
        "WORKER_RECONCILE_SECONDS",
        "a number of seconds, 1 to 86400 (a day)",
        "5",
    ),
    open("SCRUB_HOURS", "a number of hours, or 0 for never", "168"),
    open(
        "EXTRACTION_MEMORY_MIB",
        "a number of mebibytes, at least 64",
        "2048",
    ),
    open(
        "EXTRACTION_SECONDS",
        "a number of seconds, 1 to 86400 (a day)",
        "300",
    ),
    open(
        "OCR_LANGUAGES",
        "languages as Tesseract names them, joined by `+`",
        "eng+deu",
    ),
    open("SANDBOX", "required or if-possible", "if-possible"),
    open(
        "LOG",
        "error, warn, info, debug, or directives such as info,sqlx=warn",
        "info",
    ),
    open(
        "LOG_JSON",
        "true or false, or nothing: JSON unless the log goes to a terminal",
        "true",
    ),
    open(
        "METRICS_BIND",
        "an address and port of its own, which only the monitoring reaches, or nothing",
        "127.0.0.1:9100",
    ),
    open(
        "WORKER_METRICS_BIND",
        "an address and port of its own, which only the monitoring reaches, or nothing",
        "127.0.0.1:9101",
    ),
];

/// The variable of that name.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}
