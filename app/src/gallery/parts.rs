//! What shows how things stand.

use crate::ui::*;
use leptos::prelude::*;

const TONES: [(Tone, &str); 6] = [
    (Tone::Plain, "already so"),
    (Tone::Good, "complete"),
    (Tone::Warn, "permission missing"),
    (Tone::Bad, "deleted"),
    (Tone::Info, "live"),
    (Tone::Accent, "29 of 40"),
];

#[component]
pub fn Parts() -> impl IntoView {
    let badges = TONES.into_iter().map(|(tone, text)| view! { <Badge tone>{text}</Badge> }).collect_view();
    let dots = TONES.into_iter().map(|(tone, text)| view! { <Dot tone>{text}</Dot> }).collect_view();
    let ago = |minutes| chrono_ago(minutes);
    view! {
        <Kpis>
            <Kpi name="Protected objects" value=|| view! { <Num of=12_482/> }>"2,014 users · 386 groups · 97 roles"</Kpi>
            <Kpi name="Last backup" value=move || view! { <Time at=ago(2) style=TimeStyle::Relative/> }>
                <Dot tone=Tone::Good>"complete"</Dot>
            </Kpi>
            <Kpi name="Next backup" value=move || view! { <Time at=ago(-13) style=TimeStyle::Relative/> }>"every 15 minutes"</Kpi>
            <Kpi name="History kept" value=|| "413 days">"2,914 snapshots"</Kpi>
        </Kpis>
        <Card title="Badges, dots, avatars">
            <div class="body stack">
                <div class="row">{badges}</div>
                <div class="row">{dots}<Dot tone=Tone::Accent pulse=true>"reading users"</Dot></div>
                <div class="row">
                    <Avatar name="Contoso Ltd"/>
                    <Avatar name="Maya Okafor" round=true/>
                    <Avatar name="Maya Okafor" round=true large=true/>
                    <Avatar name="Finance" icon=Some("users") large=true/>
                    <Who name="Maya Okafor" detail="maya@contoso.com" round=true/>
                </div>
                <div class="row"><Time at=ago(3)/><Time at=ago(60 * 30)/><Time at=ago(60 * 24 * 40)/></div>
            </div>
        </Card>
        <Callout tone=Tone::Good title="Restored">"57 of 57 changes are back, and Entra shows them."</Callout>
        <Callout tone=Tone::Warn title="3 steps need a permission that is missing" actions=|| view! { <LinkButton href="?page=parts" small=true>"Connection"</LinkButton> }>
            "RoleManagement.ReadWrite.Directory. The other 54 can run."
        </Callout>
        <Callout tone=Tone::Bad title="The last backup failed">"Entra refused the secret. Snapshot 2,914 is untouched."</Callout>
        <Callout tone=Tone::Info title="Reading the tenant">"A comparison with live takes a few seconds."</Callout>
        <Callout title="Nothing is chosen">"Choose what should go back."</Callout>
        <Card title="Progress">
            <div class="body stack">
                <Progress label="Restore" done=38 total=57 tall=true/>
                <Progress label="Backup" done=12 total=57/>
                <Progress label="Waiting" done=0 total=0/>
                <div class="row"><Meter label="Seats" used=812 of=1000/><Meter label="Seats" used=990 of=1000/></div>
                <Skeleton/>
            </div>
        </Card>
        <Card title="Restore 118">
            <Steps label="Steps">
                <Step mark=Mark::Done title="Recorded how 47 objects are now" end=|| view! { <span class="muted num">"0.4 s"</span> }>
                    <p>"Snapshot 2,916. Undo puts them back to this."</p>
                </Step>
                <Step mark=Mark::Now title="Putting 40 people back into 6 groups" end=|| view! { <Badge tone=Tone::Accent>"29 of 40"</Badge> }>
                    <p>"20 members a write."</p>
                </Step>
                <Step mark=Mark::Later(4) title="Set 13 attributes on 9 users" end=|| view! { <span class="muted">"next"</span> }>
                    <p>"One write a person."</p>
                </Step>
                <Step mark=Mark::Stuck title="Proxy addresses of Maya Okafor stay as they are" end=|| view! { <Badge tone=Tone::Warn>"cannot be restored"</Badge> }>
                    <p>"Exchange Online manages them."</p>
                </Step>
                <Step mark=Mark::Failed title="Remove Global Administrator" end=|| view! { <Badge tone=Tone::Bad>"failed"</Badge> }>
                    <p>"The application lacks a directory role."</p>
                </Step>
            </Steps>
        </Card>
        <Card>
            <Empty icon="undo-2" title="Nothing was restored yet" text="Compare two points in time, choose what should go back, and the plan appears here.">
                <LinkButton look=Look::Primary href="?page=parts">"Compare"</LinkButton>
            </Empty>
        </Card>
        <Bar
            label="Chosen changes"
            actions=|| {
                view! {
                    <Button look=Look::Quiet>"Clear"</Button>
                    <Button look=Look::Primary>"Review the plan"</Button>
                }
            }
        >
            <span><b class="num">"57"</b>" changes chosen"</span>
            <span class="muted num">"39 writes"</span>
            <Badge tone=Tone::Warn>"1 cannot be restored"</Badge>
        </Bar>
    }
}

fn chrono_ago(minutes: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64 - minutes * 60_000).unwrap_or_default()
}
