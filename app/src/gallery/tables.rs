//! Rows, columns and differences.

use crate::ui::*;
use leptos::prelude::*;

#[component]
pub fn Tables() -> impl IntoView {
    let rows = [
        ("2,914", "Back up now", 3, 162, 49, "4.1 s"),
        ("2,913", "Scheduled", 1, 5, 0, "1.2 s"),
        ("2,912", "Scheduled", 0, 0, 0, "0.8 s"),
    ]
    .into_iter()
    .map(|(number, by, created, updated, deleted, took)| {
        view! {
            <tr>
                <td><RowLink href="?page=tables">{number}</RowLink></td>
                <td class="muted wide">{by}</td>
                <td><Delta created updated deleted/></td>
                <td class="num muted right wide">{took}</td>
                <td class="right"><a class="link above" href="?page=tables">"Compare"</a></td>
            </tr>
        }
    })
    .collect_view();
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    view! {
        <Card title="Recent snapshots" end=|| view! { <a class="link" href="?page=tables">"All snapshots"</a> }>
            <Table label="Recent snapshots">
                <thead>
                    <tr>
                        <SortLink href="?page=tables" ascending=false>"Snapshot"</SortLink>
                        <th scope="col" class="wide">"Made by"</th>
                        <SortLink href="?page=tables">"Added, changed, removed"</SortLink>
                        <th scope="col" class="right wide">"Took"</th>
                        <th scope="col"><span class="aloud">"Do"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            <Pager shown="3 of 2,914" first=Some("?page=tables".to_owned()) next=Some("?page=tables".to_owned())/>
        </Card>
        <Card title="Maya Okafor" end=|| view! { <Button>"Restore all 3"</Button> }>
            <DiffTable label="What changed" was="Snapshot 2,913" now="Live" choose=boxed(|| view! { <CheckBox label="All" some=true/> })>
                <DiffRow name="Account enabled" was=own(&["Yes"]) now=own(&["No"]) choose=boxed(|| view! { <CheckBox label="Account enabled" checked=true/> })/>
                <DiffRow name="Job title" was=own(&["Head of Treasury"]) now=own(&[]) choose=boxed(|| view! { <CheckBox label="Job title" checked=true/> })/>
                <DiffRow
                    name="Member of"
                    was=own(&["Finance", "Payroll Approvers", "Treasury EMEA"])
                    now=own(&["Treasury EMEA"])
                    choose=boxed(|| view! { <CheckBox label="Member of"/> })
                />
                <DiffRow
                    name="Proxy addresses"
                    was=own(&["SMTP:maya@contoso.com", "smtp:m.okafor@contoso.com"])
                    now=own(&["SMTP:maya@contoso.com"])
                    why=Some("Managed by Exchange Online; change it in the Exchange admin centre.".to_owned())
                    choose=boxed(|| view! { <CheckBox label="Proxy addresses" disabled=true/> })
                />
            </DiffTable>
        </Card>
        <Card title="Facts">
            <Facts>
                <Fact name="Display name">"Maya Okafor"</Fact>
                <Fact name="Object id"><span class="copied"><span class="mono">"7c1e2d9a-5f0b-4a86-9d5e-1b2f3c4da93f"</span><CopyButton text="7c1e" what="object id"/></span></Fact>
                <Fact name="Usage location">"NG"</Fact>
            </Facts>
        </Card>
        <Card title="Figures"><div class="body"><Figures><Figure name="Elapsed">"2.1 s"</Figure><Figure name="Writes">"26 of 39"</Figure></Figures></div></Card>
    }
}

fn boxed<V: IntoView + 'static>(view: impl FnOnce() -> V + Send + 'static) -> Option<ViewFnOnce> {
    Some(ViewFnOnce::from(move || view().into_any()))
}
