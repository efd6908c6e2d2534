//! `acr-gateway entra-setup`: the commands that register the page's application with Microsoft Entra ID, and the settings that
//! follow. Pure: it prints, and changes nothing.

use crate::config::{EntraAuthority, REDIRECT_PAGE, Registry};

/// What the application is registered for.
#[derive(Debug)]
pub struct EntraSetup {
    /// The registries that its users sign in to.
    pub registries: Vec<Registry>,
    /// The address that the gateway's page has, with its base path.
    pub url: String,
    /// What users read when they are asked for consent.
    pub name: String,
}

impl EntraSetup {
    /// The address that Microsoft redirects to.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/{REDIRECT_PAGE}", self.url.trim_end_matches('/'))
    }

    /// A shell script of `az` commands with comments, and the settings at its end.
    #[must_use]
    pub fn script(&self) -> String {
        let redirect_uri = self.redirect_uri();
        let mut script = format!(
            "{}\nAPP_ID=$(az ad app create --display-name {} --sign-in-audience AzureADMyOrg --query appId --output tsv)\n\
             az rest --method PATCH --uri \"{}/v1.0/applications(appId='$APP_ID')\" \\\n  --headers Content-Type=application/json \\\n  \
             --body '{{\"spa\":{{\"redirectUris\":[\"{redirect_uri}\"]}}}}'\naz ad sp create --id \"$APP_ID\"\n\n",
            comment(
                "Register the page as a single-page application. It has no secret. Run this as an application administrator of the tenant."
            ),
            quoted(&self.name),
            self.graph(),
        );
        script.push_str(&self.permissions());
        script.push_str(&self.roles());
        script.push_str(&self.settings());
        script
    }

    fn cloud(&self) -> EntraAuthority {
        self.registries.first().map_or(EntraAuthority::Public, |registry| {
            EntraAuthority::of_login_server(registry.login_server())
        })
    }

    fn graph(&self) -> &'static str {
        match self.cloud() {
            EntraAuthority::UsGovernment => "https://graph.microsoft.us",
            EntraAuthority::China => "https://microsoftgraph.chinacloudapi.cn",
            EntraAuthority::Public | EntraAuthority::At(_) => "https://graph.microsoft.com",
        }
    }

    fn permissions(&self) -> String {
        let resource_manager = self.cloud().resource_manager_scope().trim_end_matches("/.default");
        format!(
            "{}\nfor RESOURCE in https://containerregistry.azure.net {resource_manager}; do\n  \
             API=$(az ad sp list --filter \"servicePrincipalNames/any(name: name eq '$RESOURCE')\" --query '[0].appId' --output tsv)\n  \
             SCOPE=$(az ad sp show --id \"$API\" --query \"oauth2PermissionScopes[?value=='user_impersonation'].id\" --output tsv)\n  \
             az ad app permission add --id \"$APP_ID\" --api \"$API\" --api-permissions \"$SCOPE=Scope\"\ndone\n\
             az ad app permission admin-consent --id \"$APP_ID\"\n\n",
            comment(
                "Let it ask for tokens for registries on behalf of its users, and for Azure Resource Manager, whose tokens a registry \
                 accepts instead. The last command consents for everyone and needs a privileged role administrator; without it each user is \
                 asked once, where the tenant allows that."
            ),
        )
    }

    fn roles(&self) -> String {
        let mut text = comment(
            "Give people their roles on each registry. AcrPull reads images; AcrPush also pushes them; AcrDelete deletes. A registry with \
             repository permissions (ABAC) takes Container Registry Repository Reader, Writer or Contributor instead, and Container Registry \
             Repository Catalog Lister in addition.",
        );
        text.push('\n');
        for registry in &self.registries {
            let login_server = registry.login_server();
            let resource = login_server.split('.').next().unwrap_or(login_server);
            text.push_str(&format!(
                "az role assignment create --assignee GROUP_OR_USER --role AcrPull \\\n  \
                 --scope \"$(az acr show --name {resource} --query id --output tsv)\"\n"
            ));
        }
        text.push('\n');
        text
    }

    fn settings(&self) -> String {
        let authority = match self.cloud() {
            EntraAuthority::UsGovernment => "authority = \"usgov\"\n",
            EntraAuthority::China => "authority = \"china\"\n",
            EntraAuthority::Public | EntraAuthority::At(_) => "",
        };
        format!(
            "{}\ncat <<SETTINGS\n[entra]\nclient_id = \"$APP_ID\"\ntenant = \"$(az account show --query tenantId --output tsv)\"\n\
             {authority}SETTINGS\n",
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

/// A word of the shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(registries: &[&str]) -> EntraSetup {
        EntraSetup {
            registries: registries.iter().map(|text| text.parse().unwrap()).collect(),
            url: "https://registry.example/acr/".to_owned(),
            name: "Contoso's registries".to_owned(),
        }
    }

    #[test]
    fn the_script_names_the_redirect_page_every_registry_and_the_settings() {
        let script = setup(&["contoso.azurecr.io", "fabrikam.azurecr.io"]).script();
        for part in [
            r#""redirectUris":["https://registry.example/acr/redirect.html"]"#,
            r"--display-name 'Contoso'\''s registries'",
            "az acr show --name contoso ",
            "az acr show --name fabrikam ",
            "[entra]\nclient_id = \"$APP_ID\"",
        ] {
            assert!(script.contains(part), "{part} in {script}");
        }
        assert!(!script.contains("authority ="), "{script}");
    }

    #[test]
    fn another_cloud_has_its_own_addresses() {
        let script = setup(&["contoso.azurecr.us"]).script();
        for part in
            ["https://graph.microsoft.us/", "https://management.usgovcloudapi.net;", "authority = \"usgov\""]
        {
            assert!(script.contains(part), "{part} in {script}");
        }
    }
}
