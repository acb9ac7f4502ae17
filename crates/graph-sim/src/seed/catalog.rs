//! What every tenant finds in its directory: Microsoft's roles and products, with their real ids.

/// Built-in directory roles: template id and name.
pub(super) static ROLES: &[(&str, &str)] = &[
    ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator"),
    ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader"),
    ("e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator"),
    ("7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator"),
    ("c4e39bd9-1100-46d3-8c65-fb160da0071f", "Authentication Administrator"),
    ("fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator"),
    ("729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator"),
    ("966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator"),
    ("fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator"),
    ("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "Application Administrator"),
    ("158c047a-c907-4556-b7ef-446551a6b5f7", "Cloud Application Administrator"),
    ("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", "Conditional Access Administrator"),
    ("194ae4cb-b126-40b2-bd5b-6091b380977d", "Security Administrator"),
    ("5d6b6bb7-de71-4623-b4af-96380a352509", "Security Reader"),
    ("29232cdf-9323-42fd-ade2-1d097af3e4de", "Exchange Administrator"),
    ("f28a1f50-f6e7-4571-818b-6a12f2af6b6c", "SharePoint Administrator"),
    ("3a2c62db-5318-420d-8d74-23affee5d9d5", "Intune Administrator"),
    ("4d6ac14f-3453-41d0-bef9-a3e0c569773a", "License Administrator"),
    ("88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers"),
    ("9360feb5-f418-4baa-8175-e2a00bac4301", "Directory Writers"),
    ("d29b2b05-8046-44ba-8758-1e26182fcf32", "Directory Synchronization Accounts"),
    ("95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter"),
    ("4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader"),
    ("8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator"),
    ("0526716b-113d-4c15-b2c8-68e3c22b9f80", "Authentication Policy Administrator"),
    ("58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d", "Attribute Assignment Administrator"),
    ("b0f54661-2d74-4c50-afa3-1ec803f12efe", "Billing Administrator"),
    ("790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b", "Message Center Reader"),
    ("69091246-20e8-4a56-aa4d-066075b2a7a8", "Teams Administrator"),
    ("7698a772-787b-4ac8-901f-60d6b08affd2", "Cloud Device Administrator"),
    ("cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer"),
    ("9c6df0f2-1e7c-4dc3-b195-66dfbd24aa8f", "Attack Payload Author"),
    ("c430b396-e693-46cc-96f3-db01bf8bb62a", "Attack Simulation Administrator"),
    ("ffd52fa5-98dc-465c-991d-fc073eb59f8f", "Attribute Assignment Reader"),
    ("8424c6f0-a189-499e-bbd0-26c1753c96d4", "Attribute Definition Administrator"),
    ("1d336d2c-4ae8-42ef-9711-b3604ce3fc2c", "Attribute Definition Reader"),
    ("e3973bdf-4987-49ae-837a-ba8e231c7286", "Azure DevOps Administrator"),
    ("7495fdc4-34c4-4d15-a289-98788ce399fd", "Azure Information Protection Administrator"),
    ("892c5842-a9a6-463a-8041-72aa08ca3cf6", "Cloud App Security Administrator"),
    ("17315797-102d-40b4-93e0-432062caca18", "Compliance Administrator"),
    ("e6d1a23a-da11-4be4-9570-befc86d067a7", "Compliance Data Administrator"),
    ("5c4f9dcd-47dc-4cf7-8c9a-9e4207cbfc91", "Customer LockBox Access Approver"),
    ("8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator"),
    ("44367163-eba1-44c3-98af-f5787879f96a", "Dynamics 365 Administrator"),
    ("31392ffb-586c-42d1-9346-e59415a2cc4e", "Exchange Recipient Administrator"),
    ("6e591065-9bad-43ed-90f3-e9424366d2f0", "External ID User Flow Administrator"),
    ("be2f45a1-457d-42af-a067-6ec1fa63bc45", "External Identity Provider Administrator"),
    ("a9ea8996-122f-4c74-9520-8edcd192826c", "Fabric Administrator"),
    ("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e", "Identity Governance Administrator"),
    ("eb1f4a8d-243a-41f0-9fbd-c7cdf6c5ef7c", "Insights Administrator"),
    ("b5a8dcf3-09d5-43a9-a639-8e29ef291470", "Knowledge Administrator"),
    ("ac16e43d-7b2d-40e0-ac05-243ff356ab5b", "Message Center Privacy Reader"),
    ("9f06204d-73c1-4c24-880a-6edb90606fd8", "Microsoft Entra Joined Device Local Administrator"),
    ("d37c8bed-0711-4417-ba38-b4abe66ce4c2", "Network Administrator"),
    ("2b745bdf-0803-4d80-aa65-822c4493daac", "Office Apps Administrator"),
    ("11648597-926c-4cf3-9c36-bcebb0ba8dcc", "Power Platform Administrator"),
    ("644ef478-e28f-4e28-b9dc-3fdde9aa0b1f", "Printer Administrator"),
    ("0964bb5e-9bdb-4d7b-ac29-58e794862a40", "Search Administrator"),
    ("5f2222b1-57c3-48ba-8ad5-d4759f1fde6f", "Security Operator"),
    ("f023fd81-a637-4b56-95fd-791ac0226033", "Service Support Administrator"),
    ("baf37b3a-610e-45da-9e62-d9d1e5e8914b", "Teams Communications Administrator"),
    ("3d762c5a-1b6c-493f-843e-55a3b42923d4", "Teams Devices Administrator"),
    ("75934031-6c7e-415a-99d7-48dbd49e875e", "Usage Summary Reports Reader"),
    ("11451d60-acb2-45eb-a7d6-43d0f0125c13", "Windows 365 Administrator"),
];

type Plan = (&'static str, &'static str);

const EXCHANGE: Plan = ("efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE");
const TEAMS: Plan = ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1");
const SHAREPOINT: Plan = ("5dbe027f-2339-4123-9542-606e4d348a72", "SHAREPOINTENTERPRISE");
const OFFICE: Plan = ("43de0ff5-c92c-492b-9116-175376d08c38", "OFFICESUBSCRIPTION");
const YAMMER: Plan = ("7547a3fe-08ee-4ccb-b430-5077c5041653", "YAMMER_ENTERPRISE");
const RMS: Plan = ("bea4c11e-220a-4e6d-8eb8-8ea15d019f90", "RMS_S_ENTERPRISE");
const INTUNE: Plan = ("c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "INTUNE_A");
const P1: Plan = ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM");
const P2: Plan = ("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2");
const MFA: Plan = ("8a256a2b-b617-496d-b51b-e76466e88db0", "MFA_PREMIUM");
const SWAY: Plan = ("a23b959c-7ce8-4e57-9140-b90eb88a9e97", "SWAY");
const PLANNER: Plan = ("b737dad2-2f6c-4c65-90e3-ca563267e8b9", "PROJECTWORKMANAGEMENT");
const POWER_BI: Plan = ("70d33638-9c74-4d01-bfd3-562de28bd4ba", "BI_AZURE_P2");
const FLOW_FREE: Plan = ("50e68c76-46c6-4674-81f9-75456511b170", "FLOW_P2_VIRAL");
const VISIO: Plan = ("663a804f-1c30-4ff0-9915-9db84f0d1cea", "VISIO_CLIENT_SUBSCRIPTION");

/// Products: id, part number, plans.
pub(super) static SKUS: &[(&str, &str, &[Plan])] = &[
    (
        "05e9a617-0261-4cee-bb44-138d3ef5d965",
        "SPE_E3",
        &[EXCHANGE, TEAMS, SHAREPOINT, OFFICE, YAMMER, RMS, INTUNE, P1, MFA, SWAY, PLANNER],
    ),
    (
        "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        "SPE_E5",
        &[EXCHANGE, TEAMS, SHAREPOINT, OFFICE, YAMMER, RMS, INTUNE, P1, P2, MFA, SWAY, PLANNER, POWER_BI],
    ),
    ("66b55226-6b4f-492c-910c-a3b7a3c9d993", "SPE_F1", &[TEAMS, YAMMER, INTUNE, P1, MFA, SWAY]),
    ("84a661c4-e949-4bd2-a560-ed7766fcaf2b", "AAD_PREMIUM_P2", &[P2, MFA]),
    ("f8a1db68-be16-40ed-86d5-cb42ce701560", "POWER_BI_PRO", &[POWER_BI]),
    ("f30db892-07e9-47e9-837c-80727f46fd3d", "FLOW_FREE", &[FLOW_FREE]),
    ("c5928f49-12ba-48f7-ada3-0d743a3601d5", "VISIOCLIENT", &[VISIO]),
];

/// Roles that a customer made: name, what it is for, what it allows.
pub(super) static CUSTOM_ROLES: &[(&str, &str, &[&str])] = &[
    (
        "Application Owner Reviewer",
        "Reads application registrations and their owners for the yearly review.",
        &["microsoft.directory/applications/standard/read", "microsoft.directory/applications/owners/read"],
    ),
    (
        "Group Steward",
        "Keeps names and descriptions of security groups in order.",
        &["microsoft.directory/groups/standard/read", "microsoft.directory/groups/basic/update"],
    ),
    (
        "Device Inventory Reader",
        "Reads devices for the asset register.",
        &["microsoft.directory/devices/standard/read"],
    ),
];
