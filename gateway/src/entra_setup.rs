//! `acr-gateway entra-setup`: the commands that register the page's application with Microsoft Entra ID, and the settings that
//! follow. Pure: it prints, and changes nothing.

use serde_json::json;

use crate::config::{EntraAuthority, REDIRECT_PAGE, Registry};

/// What the application is registered for.
#[derive(Debug)]
pub struct EntraSetup {
    registries: Vec<Registry>,
    redirect_uris: Vec<String>,
    application: Application,
    cloud: EntraAuthority,
}

/// The application.
#[derive(Debug)]
pub enum Application {
    /// One that is registered already, by its client id.
    Registered(String),
    /// The one of this name, which is what users read when they are asked for consent. It is registered where there is none.
    Named(String),
}

/// The beginning of the script. A failure ends it, with the command that failed or a sentence as the last line.
const BEGIN: &str = "#!/bin/sh
set -eu
fail() { printf 'entra-setup: %s\\n' \"$1\" >&2; exit 1; }

";

const PERMISSIONS: &str = r#"  API=$(az ad sp list --filter "servicePrincipalNames/any(name: name eq '$RESOURCE')" --query '[0].appId' --output tsv)
  [ -n "$API" ] || fail "the tenant has no service principal of $RESOURCE; register the resource provider Microsoft.ContainerRegistry in one of its subscriptions, then run this again"
  SCOPE=$(az ad sp show --id "$API" --query "oauth2PermissionScopes[?value=='user_impersonation'].id" --output tsv)
  [ -n "$SCOPE" ] || fail "$RESOURCE has no permission user_impersonation"
  HAS=$(az ad app show --id "$APP_ID" --query "requiredResourceAccess[?resourceAppId=='$API'].resourceAccess[].id" --output tsv)
  case $HAS in
    *"$SCOPE"*) ;;
    *) az ad app permission add --id "$APP_ID" --api "$API" --api-permissions "$SCOPE=Scope" ;;
  esac
done
az ad app permission admin-consent --id "$APP_ID" ||
  printf 'entra-setup: no administrator has consented for everyone; each user is asked once\n' >&2

"#;

impl EntraSetup {
    /// A registration for the pages at `urls`, each as a browser has it with its base path.
    ///
    /// # Errors
    /// A sentence about registries of several clouds, which have no tenant in common.
    pub fn new(registries: Vec<Registry>, urls: &[String], application: Application) -> Result<Self, String> {
        let in_azure = || registries.iter().filter(|registry| registry.resource_name().is_some());
        let cloud_of = |registry: &Registry| EntraAuthority::of_login_server(registry.login_server());
        let cloud = in_azure().next().map_or(EntraAuthority::Public, cloud_of);
        if let Some(other) = in_azure().find(|registry| cloud_of(registry) != cloud) {
            return Err(format!(
                "{} is in another cloud than the registries before it; run entra-setup once for each cloud",
                other.login_server()
            ));
        }
        let redirect_uri = |url: &String| format!("{}/{REDIRECT_PAGE}", url.trim_end_matches('/'));
        Ok(Self { redirect_uris: urls.iter().map(redirect_uri).collect(), registries, application, cloud })
    }

    /// A shell script of `az` commands with comments, which prints the settings at its end. It can be run again: what exists is kept.
    #[must_use]
    pub fn script(&self) -> String {
        let parts =
            [self.application(), self.redirect_uris(), self.permissions(), self.roles(), self.settings()];
        format!("{BEGIN}{}", parts.concat())
    }

    fn graph(&self) -> &'static str {
        match self.cloud {
            EntraAuthority::UsGovernment => "https://graph.microsoft.us",
            EntraAuthority::China => "https://microsoftgraph.chinacloudapi.cn",
            EntraAuthority::Public | EntraAuthority::At(_) => "https://graph.microsoft.com",
        }
    }

    /// Finds the application, or registers it.
    fn application(&self) -> String {
        let name = match &self.application {
            Application::Registered(client_id) => {
                return format!(
                    "{}\nAPP_ID=$(az ad app show --id {} --query appId --output tsv)\n\
                     [ -n \"$APP_ID\" ] || fail 'the tenant has no such application'\n\n",
                    comment("The application. Run this as an application administrator of its tenant."),
                    word(client_id),
                );
            }
            Application::Named(name) => name,
        };
        let filter = format!("$filter=displayName eq '{}'", name.replace('\'', "''"));
        format!(
            "{}\nAPP_ID=$(az rest --method GET --uri {}/v1.0/applications --uri-parameters {} --query 'value[].appId' --output tsv)\n\
             case $APP_ID in\n  '') APP_ID=$(az ad app create --display-name {} --sign-in-audience AzureADMyOrg --query appId --output tsv) ;;\n  \
             *[!0-9A-Fa-f-]*) fail 'the tenant has several applications of this name; choose one with --client-id' ;;\nesac\n\
             [ -n \"$APP_ID\" ] || fail 'the application has not been registered'\n\n",
            comment(
                "Register the page as an application of the tenant, unless there is one of this name. It has no secret. Run this as an \
                 application administrator."
            ),
            self.graph(),
            word(&filter),
            word(name),
        )
    }

    /// Adds the redirect URIs to those that there are.
    fn redirect_uris(&self) -> String {
        let uris = &self.redirect_uris;
        let others: Vec<String> = uris.iter().map(|uri| format!("@ != `{}`", json!(uri))).collect();
        let merged = format!(
            "{{spa: {{redirectUris: [(spa.redirectUris || `[]`)[?{}], `{}`][]}}}}",
            others.join(" && "),
            json!(uris)
        );
        format!(
            "{}\nBODY=$(az ad app show --id \"$APP_ID\" --query {} --output json)\n\
             [ -n \"$BODY\" ] || fail 'the redirect URIs of the application cannot be read'\n\
             az rest --method PATCH --uri \"{}/v1.0/applications(appId='$APP_ID')\" \\\n  --headers Content-Type=application/json --body \"$BODY\"\n\
             SERVICE_PRINCIPAL=$(az ad sp list --filter \"appId eq '$APP_ID'\" --query '[0].appId' --output tsv)\n\
             [ -n \"$SERVICE_PRINCIPAL\" ] || az ad sp create --id \"$APP_ID\" --output none\n\n",
            comment(
                "Add the redirect URIs of the page, as those of a single-page application. Those that are registered stay."
            ),
            word(&merged),
            self.graph(),
        )
    }

    fn permissions(&self) -> String {
        let resource_manager = self.cloud.resource_manager_scope().trim_end_matches("/.default");
        format!(
            "{}\nfor RESOURCE in https://containerregistry.azure.net {resource_manager}; do\n{PERMISSIONS}",
            comment(
                "Let it ask for tokens for registries on behalf of its users, and for Azure Resource Manager, whose tokens a registry \
                 accepts instead. The last command consents for everyone and needs a privileged role administrator; without it each user is \
                 asked once, where the tenant allows that."
            ),
        )
    }

    /// Comments, since who gets which role is not known here.
    fn roles(&self) -> String {
        let mut text = comment(
            "Give people their roles on each registry, by commands such as the following. AcrPull reads images; AcrPush also pushes them; \
             AcrDelete deletes. A registry with repository permissions (ABAC) takes Container Registry Repository Reader, Writer or \
             Contributor instead, and Container Registry Repository Catalog Lister in addition.",
        );
        text.push('\n');
        for registry in &self.registries {
            match registry.resource_name() {
                Some(name) => text.push_str(&format!(
                    "# az role assignment create --assignee GROUP_OR_USER --role AcrPull \\\n#   \
                     --scope \"$(az acr show --name {} --query id --output tsv)\"\n",
                    word(name)
                )),
                None => text.push_str(&format!(
                    "{}\n",
                    comment(&format!(
                        "{} is not the login server of a registry in Azure.",
                        registry.login_server()
                    ))
                )),
            }
        }
        text.push('\n');
        text
    }

    fn settings(&self) -> String {
        let authority = match self.cloud {
            EntraAuthority::UsGovernment => "authority = \"usgov\"\n",
            EntraAuthority::China => "authority = \"china\"\n",
            EntraAuthority::Public | EntraAuthority::At(_) => "",
        };
        format!(
            "{}\nTENANT=$(az account show --query tenantId --output tsv)\n[ -n \"$TENANT\" ] || fail 'az names no tenant'\n\
             cat <<SETTINGS\n[entra]\nclient_id = \"$APP_ID\"\ntenant = \"$TENANT\"\n{authority}SETTINGS\n",
            comment("Print what goes into the gateway's configuration file.")
        )
    }
}

/// Text as comment lines of at most 100 characters.
fn comment(text: &str) -> String {
    let mut lines = vec!["#".to_owned()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines.join("\n")
}

/// One word of the shell, whatever is in it. No text enters a command but through this.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(registries: &[&str]) -> Result<EntraSetup, String> {
        EntraSetup::new(
            registries.iter().map(|text| text.parse().unwrap()).collect(),
            &["https://registry.example/acr/".to_owned()],
            Application::Named("Contoso's registries".to_owned()),
        )
    }

    #[test]
    fn the_script_names_the_redirect_page_every_registry_and_the_settings() {
        let script = setup(&["contoso-hxyz123abc.azurecr.io", "fabrikam.azurecr.io"]).unwrap().script();
        for part in [
            r#"`["https://registry.example/acr/redirect.html"]`"#,
            r"--display-name 'Contoso'\''s registries'",
            "az acr show --name 'contoso' ",
            "az acr show --name 'fabrikam' ",
            "[entra]\nclient_id = \"$APP_ID\"",
        ] {
            assert!(script.contains(part), "{part} in {script}");
        }
        assert!(!script.contains("authority ="), "{script}");
    }

    #[test]
    fn another_cloud_has_its_own_addresses() {
        let script = setup(&["contoso.azurecr.us"]).unwrap().script();
        for part in
            ["https://graph.microsoft.us/", "https://management.usgovcloudapi.net;", "authority = \"usgov\""]
        {
            assert!(script.contains(part), "{part} in {script}");
        }
    }

    #[test]
    fn registries_of_two_clouds_are_refused_and_one_outside_azure_has_no_name_there() {
        let message = setup(&["contoso.azurecr.io", "fabrikam.azurecr.us"]).unwrap_err();
        assert!(message.contains("fabrikam.azurecr.us is in another cloud"), "{message}");
        let script = setup(&["http://127.0.0.1:5000", "contoso.azurecr.us"]).unwrap().script();
        assert!(
            script.contains("# 127.0.0.1:5000 is not the login server of a registry in Azure"),
            "{script}"
        );
        assert!(!script.contains("--name 127") && script.contains("authority = \"usgov\""), "{script}");
    }
}
