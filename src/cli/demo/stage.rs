//! The demo's folder: a repository with an origin, a config file, a database, and a user with a product.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::git::git;
use crate::cli::config::{self, Config, Environment, Flags};
use crate::cli::error::CliError;
use crate::cli::wiring;
use crate::flow::{AddProduct, Session, Sprintgate};

/// The name of the demo's product.
pub(super) const PRODUCT: &str = "Corner shop";
/// A lease that a spectator can wait for.
pub(super) const LEASE_SECONDS: u32 = 3;

/// Bytes of the demo's folder.
const FOLDER_MAX: usize = 80;

/// The project's files.
const FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("props/README.md")),
    ("shop/cart.py", include_str!("props/shop/cart.py")),
    ("shop/order.py", include_str!("props/shop/order.py")),
    ("shop/payment.py", include_str!("props/shop/payment.py")),
    ("shop/price.py", include_str!("props/shop/price.py")),
    ("shop/receipt.py", include_str!("props/shop/receipt.py")),
    ("tests/test_cart.py", include_str!("props/tests/test_cart.py")),
];

/// The plans, in the order in which they are imported.
const PLANS: &[(&str, &str)] =
    &[("plan-1.md", include_str!("props/plan-1.md")), ("plan-2.md", include_str!("props/plan-2.md"))];

/// Everything that the demo happens in.
pub(super) struct Stage {
    pub(super) folder: PathBuf,
    pub(super) program: PathBuf,
    pub(super) app: Sprintgate,
    pub(super) person: Session,
}

impl Stage {
    /// Sets the stage in a new folder: the given one, or one among the temporary ones.
    pub(super) async fn set(given: Option<&Path>) -> Result<Self, CliError> {
        let folder = new_folder(given)?;
        let program = std::env::current_exe().map_err(CliError::io("find this program"))?;
        repository(&folder).await?;
        for (name, text) in PLANS {
            write(&folder.join(name), text)?;
        }
        let config = settings(&folder, &program)?;
        let app = wiring::create(&config).await?;
        let (_, token) = app.enrol("demo", "demo").await?;
        let reveal = token.reveal().to_owned();
        config::edit(&file(&folder), |table| {
            table.insert("token".to_owned(), reveal.into());
        })?;
        let config = Config { token: Some(token), ..config };
        let person = wiring::person(&config)?;
        let product = AddProduct {
            name: PRODUCT.to_owned(),
            repo_url: Some(origin(&folder).display().to_string()),
            ..AddProduct::default()
        };
        app.add_product(&person, product).await?;
        Ok(Self { folder, program, app, person })
    }

    /// The plan files.
    pub(super) fn plans(&self) -> Vec<PathBuf> {
        PLANS.iter().map(|(name, _)| self.folder.join(name)).collect()
    }

    /// Where the server keeps what it takes from the attempts.
    pub(super) fn vault(&self) -> Option<PathBuf> {
        self.app.vault_of(&origin(&self.folder).display().to_string())
    }

    /// The config file.
    pub(super) fn config(&self) -> PathBuf {
        file(&self.folder)
    }

    /// The bare repository that everybody sees.
    pub(super) fn origin(&self) -> PathBuf {
        origin(&self.folder)
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("config.toml")
}

fn origin(folder: &Path) -> PathBuf {
    folder.join("origin/shop.git")
}

fn new_folder(given: Option<&Path>) -> Result<PathBuf, CliError> {
    let path = match given {
        Some(path) => std::path::absolute(path).map_err(CliError::io("find the demo's folder"))?,
        None => {
            let random = getrandom::u32().map_err(|error| CliError::failed("NO_RANDOMNESS", error))?;
            std::env::temp_dir().join(format!("sprintgate-demo-{random:08x}"))
        }
    };
    // A runner's socket lies below it, and the path of a socket is short.
    if path.as_os_str().len() > FOLDER_MAX {
        let why = format!("{} is longer than {FOLDER_MAX} bytes", path.display());
        return Err(CliError::argument("--dir", why));
    }
    let made = fs::DirBuilder::new().mode(0o700).create(&path);
    made.map_err(CliError::io(format!("make the folder {}", path.display())))?;
    fs::canonicalize(&path).map_err(CliError::io("find the demo's folder"))
}

async fn repository(folder: &Path) -> Result<(), CliError> {
    let (origin, clone) = (origin(folder), folder.join("shop"));
    fs::create_dir_all(&origin).map_err(CliError::io("make the origin"))?;
    fs::create_dir_all(folder.join("signals")).map_err(CliError::io("make a folder"))?;
    git(&origin, &["init", "-q", "--bare", "-b", "main"]).await?;
    for (name, text) in FILES {
        write(&clone.join(name), text)?;
    }
    git(&clone, &["init", "-q", "-b", "main"]).await?;
    git(&clone, &["remote", "add", "origin", &origin.display().to_string()]).await?;
    git(&clone, &["add", "-A"]).await?;
    git(&clone, &["commit", "-qm", "A small shop"]).await?;
    git(&clone, &["push", "-q", "-u", "origin", "main"]).await?;
    Ok(())
}

fn settings(folder: &Path, program: &Path) -> Result<Config, CliError> {
    let path = |name: &str| folder.join(name).display().to_string();
    let agent = [&program.display().to_string(), "demo-agent", "--folder", &folder.display().to_string()]
        .map(|word| toml::Value::String(word.to_owned()));
    let roots = toml::Table::from_iter([("shop".to_owned(), toml::Value::from(path("shop")))]);
    config::edit(&file(folder), |table| {
        for (key, name) in [
            ("database", "sprintgate.db"),
            ("worktree_root", "worktrees"),
            ("vault_root", "vault"),
            ("state_dir", "state"),
            ("projects", "."),
        ] {
            table.insert(key.to_owned(), path(name).into());
        }
        table.insert("lease_seconds".to_owned(), i64::from(LEASE_SECONDS).into());
        table.insert("repo_roots".to_owned(), roots.into());
        table.insert("agent".to_owned(), agent.to_vec().into());
    })?;
    let flags = Flags { config: Some(file(folder)), database: None };
    // The settings of the user who looks on have no part in this.
    Ok(config::load(&flags, &Environment::default(), false)?.config)
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = || CliError::io(format!("write {}", path.display()));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed())?;
    }
    fs::write(path, text).map_err(failed())
}
