//! More permissions are asked for than were: connections that lack one of the new ones are marked, so that lists
//! say so before the next sign-in does.
//!
//! What is granted is stored as the JSON list of its names.

pub(super) const UP: &[&str] = &["UPDATE connection SET lacks = 1 WHERE lacks = 0 AND \
     granted NOT LIKE '%\"Directory.Read.All\"%' AND granted NOT LIKE '%\"Directory.ReadWrite.All\"%' AND (\
     (granted NOT LIKE '%\"GroupMember.ReadBasic.All\"%' AND granted NOT LIKE '%\"Group.ReadBasic.All\"%') \
     OR (granted NOT LIKE '%\"Application.Read.All\"%' AND granted NOT LIKE '%\"Application.ReadWrite.All\"%') \
     OR (granted NOT LIKE '%\"Device.Read.All\"%' AND granted NOT LIKE '%\"Device.ReadWrite.All\"%') \
     OR granted NOT LIKE '%\"OrgContact.Read.All\"%')"];
