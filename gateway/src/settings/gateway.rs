//! The settings of the gateway itself: each defined once, and read into the configuration.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use http::{HeaderName, Uri};
use ipnet::IpNet;

use super::bounds;
use super::definition::{self, Table};
use super::entra;
use crate::config::{Config, HostPolicy, LogFormat, check_user_header};

type Setting = definition::Setting<Config>;

/// Every table with its settings, the keys at the top first.
pub(super) fn tables() -> Vec<Table> {
    vec![
        Table { name: "", doc: "", settings: top() },
        Table {
            name: "tls",
            doc: "The gateway's own certificate. Without it, the gateway speaks plain HTTP and expects \
             a TLS terminator in front of it.",
            settings: tls(),
        },
        Table { name: "log", doc: "What is logged, and how.", settings: log() },
        Table {
            name: "limits",
            doc: "Bounds on sizes (bytes) and counts. A request over one is refused with 413, 414, \
             429, 431 or 503 and a message that names the limit.",
            settings: bounds::limits(),
        },
        Table { name: "timeouts", doc: "Bounds on time, in seconds.", settings: bounds::timeouts() },
        Table {
            name: "entra",
            doc: "Signing in with Microsoft, for all registries. A registry's own table can set each of these for itself.",
            settings: entra::for_all(),
        },
        Table { name: "branding", doc: "How the page looks.", settings: branding() },
    ]
}

/// Every setting of every table.
pub(super) fn settings() -> Vec<Setting> {
    tables().into_iter().flat_map(|table| table.settings).collect()
}

fn top() -> Vec<Setting> {
    let mut settings = listening();
    settings.extend(browsers());
    settings.extend(callers());
    settings.extend(outside());
    settings
}

fn listening() -> Vec<Setting> {
    vec![
        Setting::text(
            "listen",
            "ADDRESS",
            "Address to listen on: an IP address, or an IP address with a port. 0.0.0.0 or [::] \
             listens on all addresses of the machine.",
            |c, v| {
                c.listen = listen(v, c.listen.port())?;
                Ok(())
            },
        )
        .default(|c| format!("{:?}", c.listen.ip().to_string())),
        Setting::integer("port", "PORT", "Port to listen on; 0 takes any free one.", |c, v| {
            let port = u16::try_from(v).map_err(|_| format!("{v} is not a port; use 0 to 65535"))?;
            c.listen.set_port(port);
            Ok(())
        })
        .default(|c| c.listen.port().to_string()),
        Setting::text(
            "base_path",
            "PATH",
            "Path below which everything is served, with or without its slashes. It can change \
             without a rebuild.",
            |c, v| {
                c.base_path = v.parse()?;
                Ok(())
            },
        )
        .default_words("/")
        .example("\"/acr/\""),
        Setting::list(
            "allowed_hosts",
            "HOST",
            "Host names the gateway answers to, each at any port unless it names one. Name yours: \
             this keeps out pages of rebound names.",
            |c, v| {
                let hosts = list(v)?;
                c.hosts = (!hosts.is_empty()).then_some(HostPolicy::Listed(hosts));
                Ok(())
            },
        )
        .default_words("loopback names when it listens on loopback, else any name")
        .example("[\"registry.contoso.com\"]"),
    ]
}

fn browsers() -> Vec<Setting> {
    vec![
        Setting::list(
            "frame_ancestors",
            "ORIGIN",
            "Origins that may show the page at /embed in a frame. The full page is never shown in \
             a frame.",
            |c, v| {
                c.frame_ancestors = list(v)?;
                Ok(())
            },
        )
        .default_words("none")
        .example("[\"https://portal.contoso.com\"]"),
        Setting::list(
            "cors_origins",
            "ORIGIN",
            "Origins whose pages may call the registries through this gateway, such as portals \
             that use the npm client.",
            |c, v| {
                c.cors_origins = list(v)?;
                Ok(())
            },
        )
        .default_words("none")
        .example("[\"https://portal.contoso.com\"]"),
    ]
}

fn callers() -> Vec<Setting> {
    vec![
        Setting::list(
            "trusted_proxies",
            "CIDR",
            "Networks of the proxies in front of the gateway, whose X-Forwarded-For and user \
             header are believed.",
            |c, v| {
                c.trusted_proxies = v.iter().map(|text| network(text)).collect::<Result<_, _>>()?;
                Ok(())
            },
        )
        .default_words("none")
        .example("[\"10.0.0.0/8\"]"),
        Setting::text(
            "user_header",
            "HEADER",
            "Header in which an authenticating proxy names the user. Writes with a gateway \
             identity need it; the audit log records it.",
            |c, v| {
                let wrong = |_| format!("{v:?} is not a header name; write one such as X-Forwarded-User");
                let name = v.parse::<HeaderName>().map_err(wrong)?;
                check_user_header(&name)?;
                c.user_header = Some(name);
                Ok(())
            },
        )
        .example("\"X-Forwarded-User\""),
    ]
}

fn outside() -> Vec<Setting> {
    vec![
        Setting::list(
            "storage_hosts",
            "HOST",
            "Hosts that blobs of any registry may be redirected to, in addition to \
             *.blob.core.windows.net and the registry's own data endpoints. A star stands for \
             exactly one label. Sovereign clouds need theirs here.",
            |c, v| {
                c.storage_hosts = list(v)?;
                Ok(())
            },
        )
        .example("[\"*.blob.core.usgovcloudapi.net\"]"),
        Setting::text(
            "ca_file",
            "FILE",
            "PEM file of certificate authorities to trust in addition to the public ones, for \
             registries with a private one.",
            |c, v| {
                c.ca_file = Some(PathBuf::from(v));
                Ok(())
            },
        )
        .example("\"/etc/acr-gateway/ca.pem\""),
        Setting::text(
            "otlp_endpoint",
            "URL",
            "OpenTelemetry collector to send traces to by OTLP over HTTP: one span for each \
             request to a registry, with its operation, status and ids. Spans join the caller's \
             trace when it sends `traceparent`.",
            |c, v| {
                c.otlp_endpoint = Some(otlp_endpoint(v)?);
                Ok(())
            },
        )
        .default_words("none")
        .example("\"http://collector:4318\""),
    ]
}

fn tls() -> Vec<Setting> {
    vec![
        Setting::text(
            "tls.certificate",
            "FILE",
            "PEM file of the certificate chain, leaf first; the gateway then serves https.",
            |c, v| {
                c.tls.get_or_insert_default().certificate = PathBuf::from(v);
                Ok(())
            },
        )
        .example("\"/etc/acr-gateway/tls.crt\""),
        Setting::text("tls.key", "FILE", "PEM file of the certificate's key.", |c, v| {
            c.tls.get_or_insert_default().key = PathBuf::from(v);
            Ok(())
        })
        .example("\"/etc/acr-gateway/tls.key\""),
    ]
}

fn log() -> Vec<Setting> {
    vec![
        Setting::text("log.format", "FORMAT", "json, or text for people.", |c, v| {
            c.log.format = Some(match v {
                "json" => LogFormat::Json,
                "text" => LogFormat::Text,
                _ => return Err(format!("{v:?} is not a format; use json or text")),
            });
            Ok(())
        })
        .choices(&["json", "text"])
        .default_words("text on a terminal, json elsewhere")
        .example("\"json\""),
        Setting::text(
            "log.level",
            "LEVEL",
            "What is logged: error, warn, info, debug, or targets such as \
             \"info,acr_gateway=debug\". The audit log is always on.",
            |c, v| {
                let remedy = "use error, warn, info, debug, or a target such as acr_gateway=debug";
                // A word by itself that is not a level would be read as a target, of which nothing is logged.
                let word =
                    !v.contains(['=', ',']) && v.parse::<tracing::level_filters::LevelFilter>().is_err();
                if word || tracing_subscriber::EnvFilter::try_new(v).is_err() {
                    return Err(format!("{v:?} is not a level; {remedy}"));
                }
                v.clone_into(&mut c.log.level);
                Ok(())
            },
        )
        .default(|c| format!("{:?}", c.log.level)),
        Setting::boolean("log.requests", "Whether every request is logged, and not only writes.", |c, v| {
            c.log.requests = v;
            Ok(())
        })
        .default(|c| c.log.requests.to_string()),
    ]
}

fn branding() -> Vec<Setting> {
    vec![
        Setting::text("branding.title", "TEXT", "Name in the page's banner.", |c, v| {
            c.branding.title = Some(v.to_owned());
            Ok(())
        })
        .example("\"Contoso registries\""),
        Setting::text("branding.theme", "THEME", "light, dark or system.", |c, v| {
            if !matches!(v, "light" | "dark" | "system") {
                return Err(format!("{v:?} is not a theme; use light, dark or system"));
            }
            c.branding.theme = Some(v.to_owned());
            Ok(())
        })
        .choices(&["light", "dark", "system"])
        .default_words("system")
        .example("\"system\""),
        Setting::text("branding.accent", "COLOR", "Accent colour, as #rrggbb.", |c, v| {
            let digits = v.strip_prefix('#').filter(|hex| hex.len() == 6);
            if !digits.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                return Err(format!("{v:?} is not a colour; write one such as #0f6cbd"));
            }
            c.branding.accent = Some(v.to_owned());
            Ok(())
        })
        .example("\"#0f6cbd\""),
    ]
}

/// Reads each text of a list.
pub(super) fn list<T: FromStr<Err = String>>(texts: &[String]) -> Result<Vec<T>, String> {
    texts.iter().map(|text| text.trim().parse()).collect()
}

fn listen(text: &str, port: u16) -> Result<SocketAddr, String> {
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    text.parse()
        .map_err(|_| format!("{text:?} is not an address; write one such as 0.0.0.0, [::]:8080 or 127.0.0.1"))
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text:?} is not a network; write one such as 10.0.0.0/8 or 10.0.0.7"))
}

fn otlp_endpoint(text: &str) -> Result<Uri, String> {
    let base = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.query().is_none()
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
    };
    let uri = text.parse().ok().filter(base);
    uri.ok_or_else(|| "this is not a base URL; write one such as http://collector:4318".to_owned())
}
