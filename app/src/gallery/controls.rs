//! What one presses and fills in.

use crate::ui::*;
use leptos::prelude::*;

#[component]
pub fn Controls() -> impl IntoView {
    let (asked, told) = (RwSignal::new(false), expect_context::<Toasts>());
    let wrong = |text: &str| Signal::stored(Some(text.to_owned()));
    let regions = vec![
        ("worldwide".to_owned(), "Worldwide".to_owned()),
        ("gov".to_owned(), "US Government".to_owned()),
    ];
    view! {
        <Card title="Buttons">
            <div class="body stack">
                <div class="row">
                    <Button look=Look::Primary>"Review and restore"</Button>
                    <Button>"Back up now"</Button>
                    <Button look=Look::Quiet>"Clear"</Button>
                    <Button look=Look::Danger>"Cancel"</Button>
                    <Button icon="refresh-cw">"Read again"</Button>
                    <Button icon="ellipsis" look=Look::Quiet label="More"/>
                    <LinkButton href="?page=controls" icon="arrow-right">"A link"</LinkButton>
                </div>
                <div class="row">
                    <Button look=Look::Primary busy=true>"Review and restore"</Button>
                    <Button busy=true icon="refresh-cw">"Read again"</Button>
                    <Button disabled=true>"Back up now"</Button>
                    <Button look=Look::Primary disabled=true>"Start restore"</Button>
                    <Button small=true>"Small"</Button>
                    <Button small=true icon="plus">"Small"</Button>
                </div>
            </div>
        </Card>
        <Card title="Fields">
            <div class="body two">
                <div class="form">
                    <TextField label="Directory (tenant) ID" name="a" mono=true placeholder="00000000-0000-0000-0000-000000000000" hint="Entra admin centre, Overview, Tenant ID."/>
                    <TextField
                        label="Client secret"
                        name="b"
                        value="not-a-secret"
                        kind="password"
                        error=wrong("The secret ended on 3 November. Make a new one under Certificates & secrets and paste its value.")
                    />
                    <Select label="Cloud" name="c" options=regions hint="Where the tenant lives."/>
                    <TextArea label="Reason" name="d" optional=true hint="Kept in the audit log."/>
                </div>
                <div class="stack">
                    <Check label="Confirm this step" name="e" hint="The assignment may have been temporary."/>
                    <Check label="Chosen" name="f" checked=true/>
                    <Check label="Cannot be chosen" name="g" disabled=true/>
                    <div class="row">
                        <CheckBox label="None"/>
                        <CheckBox label="Some" some=true/>
                        <CheckBox label="All" checked=true/>
                        <CheckBox label="Fixed" disabled=true/>
                        <span class="muted">"none, some, all, fixed"</span>
                    </div>
                </div>
            </div>
        </Card>
        <Card title="Chips, tabs, menus">
            <div class="body stack">
                <Chips label="Kinds">
                    <Chip href="?page=controls" on=true count=42>"Users"</Chip>
                    <Chip href="?page=controls" count=6>"Groups"</Chip>
                    <Chip href="?page=controls" on=true removable=true>"Deleted"</Chip>
                </Chips>
                <Tabs label="Kinds">
                    <Tab href="?page=controls" here=true count=2014>"Users"</Tab>
                    <Tab href="?page=controls" count=386>"Groups"</Tab>
                    <Tab href="?page=controls">"Roles"</Tab>
                </Tabs>
                <div class="row">
                    <Menu class="menu start" label="More" opener=|| view! { <span class="btn">"Open a menu"<Icon name="chevron-down" size=Size::Small/></span> }>
                        <p class="title">"Tenants"</p>
                        <MenuItem href="?page=controls" here=true>"Contoso Ltd"</MenuItem>
                        <MenuItem href="?page=controls">"Fabrikam GmbH"</MenuItem>
                        <hr/>
                        <MenuItem href="?page=controls" icon="plus">"Connect a tenant"</MenuItem>
                    </Menu>
                    <Button kind="button" on:click=move |_| asked.set(true)>"Ask"</Button>
                    <Button kind="button" on:click=move |_| told.say(Tone::Good, "Backed up", "Snapshot 2,915 holds 12,482 objects.")>"Say"</Button>
                    <Button kind="button" on:click=move |_| told.say(Tone::Bad, "Not saved", "The server could not be reached.")>"Say it failed"</Button>
                    <CopyButton text="7c1e0000" what="id"/>
                </div>
            </div>
        </Card>
        <Dialog
            open=asked
            id="ask"
            title="Start the restore?"
            actions=move || {
                view! {
                    <Button kind="button" on:click=move |_| asked.set(false)>"Not yet"</Button>
                    <Button kind="button" look=Look::Primary on:click=move |_| asked.set(false)>"Start restore"</Button>
                }
            }
        >
            <p>"39 writes to 47 objects. The objects are recorded as they are now first, so that you can undo it."</p>
        </Dialog>
    }
}
