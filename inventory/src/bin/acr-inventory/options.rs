//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What a registry costs, what depends on what, and what a cleanup would delete. Reads and never changes a registry.
///
/// A SOURCE is a snapshot file, - for a snapshot on standard input, or a registry: contoso.azurecr.io, https://HOST or http://HOST.
///
/// Sign-in, from the environment alone: ACR_USERNAME and ACR_PASSWORD (admin user, token, or service principal), or ACR_REFRESH_TOKEN (`az
/// acr login --expose-token`). With --password-stdin the password is read from standard input. Without any the registry is read
/// anonymously.
///
/// Exit codes: 0 done; 1 with --exit-code: the plan has steps, or there is a difference; 2 the command line or the rule is wrong; 3 a
/// file cannot be read or written, or is not a snapshot; 4 the registry cannot be read; 5 some of the registry was not read, or not when
/// the snapshot was taken, and what is printed says so. With --repository, what counts is that all of these repositories were read.
#[derive(Debug, Parser)]
#[command(name = "acr-inventory", version, verbatim_doc_comment)]
pub(crate) struct Options {
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Exit with 1 where a plan has steps or there is a difference
    #[arg(long, global = true)]
    pub(crate) exit_code: bool,
    /// Read the password from standard input
    #[arg(long, global = true)]
    pub(crate) password_stdin: bool,
    /// Read only these repositories, without the catalog, or ask for no more than these of a snapshot; may be repeated
    #[arg(long, global = true)]
    pub(crate) repository: Vec<String>,
    /// Requests at the same time, 1 to 32
    #[arg(long, global = true, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=32))]
    pub(crate) concurrency: u8,
    /// Report the progress of reading a registry on standard error, also where that is no terminal
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bytes by repository: logical, unique, shared, untagged, reclaimable
    Storage {
        /// A snapshot file or a registry
        source: String,
    },
    /// The largest layers and the images that contain them
    Layers {
        /// A snapshot file or a registry
        source: String,
        /// How many layers
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// What is locked less than it seems
    Locks {
        /// A snapshot file or a registry
        source: String,
    },
    /// What a cleanup would delete, and why
    Plan(PlanOptions),
    /// Save a registry as a file
    Snapshot {
        /// A registry, or a snapshot file to check and write anew
        source: String,
        /// The file; standard output without it
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
    /// What was pushed, moved, deleted and locked between two sources
    Difference {
        /// The earlier snapshot file or registry
        before: String,
        /// The later snapshot file or registry
        after: String,
    },
}

/// A cleanup rule, in the vocabulary of `acr purge`.
#[derive(Debug, Args)]
pub(crate) struct PlanOptions {
    /// A snapshot file or a registry
    pub(crate) source: String,
    /// repository:tag-expression; may be repeated
    #[arg(long, required = true)]
    pub(crate) filter: Vec<String>,
    /// Only what was last updated longer ago, for instance 30d
    #[arg(long, required = true, allow_hyphen_values = true)]
    pub(crate) ago: String,
    /// How many of the newest selected tags, and of the newest untagged manifests, stay in each repository
    #[arg(long, default_value_t = 0)]
    pub(crate) keep: u32,
    /// Also delete manifests without a tag
    #[arg(long)]
    pub(crate) untagged: bool,
    /// Unlock and delete what is locked
    #[arg(long)]
    pub(crate) include_locked: bool,
    /// Tags that stay: tag-expression or repository:tag-expression; may be repeated
    #[arg(long)]
    pub(crate) protect: Vec<String>,
    /// A file that names images in use, such as the output of kubectl get pods -A -o json; may be repeated
    #[arg(long)]
    pub(crate) in_use: Vec<PathBuf>,
    /// The form of the plan; text without it
    #[arg(long, value_enum)]
    pub(crate) format: Option<PlanFormat>,
}

/// The form of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// A table
    Text,
    /// JSON, as with --json
    Json,
    /// CSV, every item in a row
    Csv,
    /// A shell script of az acr commands
    Az,
    /// An acr purge command, and where it would behave differently
    Purge,
}
