//! People, places and jobs. Each name comes with the form it takes in an address.

/// A region with its names, cities and habits.
pub(super) struct Culture {
    pub(super) country: &'static str,
    pub(super) code: &'static str,
    pub(super) language: &'static str,
    pub(super) dial: &'static str,
    /// Display form and address form.
    pub(super) given: &'static [(&'static str, &'static str)],
    pub(super) family: &'static [(&'static str, &'static str)],
    /// City, state or region, street.
    pub(super) cities: &'static [(&'static str, &'static str, &'static str)],
    /// The family name comes first.
    pub(super) family_first: bool,
}

macro_rules! plain { ($($n:literal => $a:literal),* $(,)?) => { &[$(($n, $a)),*] }; }

pub(super) static CULTURES: &[Culture] = &[
    Culture {
        country: "United States",
        code: "US",
        language: "en-US",
        dial: "+1",
        family_first: false,
        given: plain!("Adele" => "adele", "Marcus" => "marcus", "Grace" => "grace", "Dwayne" => "dwayne", "Hannah" => "hannah", "Jamal" => "jamal", "Olivia" => "olivia", "Ethan" => "ethan", "Naomi" => "naomi", "Caleb" => "caleb", "Ruth" => "ruth", "Wesley" => "wesley"),
        family: plain!("Whitfield" => "whitfield", "Okafor" => "okafor", "Brennan" => "brennan", "Delgado" => "delgado", "Hawkins" => "hawkins", "Sorensen" => "sorensen", "O'Neill" => "oneill", "Prescott" => "prescott", "Langley" => "langley", "Vargas" => "vargas", "Tillman" => "tillman", "Abbott" => "abbott"),
        cities: &[
            ("Seattle", "WA", "2100 Harbor Avenue"),
            ("Austin", "TX", "48 Congress Street"),
            ("Boston", "MA", "9 Milk Street"),
        ],
    },
    Culture {
        country: "Germany",
        code: "DE",
        language: "de-DE",
        dial: "+49",
        family_first: false,
        given: plain!("Jürgen" => "juergen", "Anke" => "anke", "Björn" => "bjoern", "Käthe" => "kaethe", "Lukas" => "lukas", "Sabine" => "sabine", "Thomas" => "thomas", "Ulrike" => "ulrike", "Jonas" => "jonas", "Mareike" => "mareike"),
        family: plain!("Müller" => "mueller", "Größler" => "groessler", "Schäfer" => "schaefer", "Weiß" => "weiss", "Köhler" => "koehler", "Vogel" => "vogel", "Brandt" => "brandt", "Jäger" => "jaeger", "Lindner" => "lindner", "Böhm" => "boehm"),
        cities: &[
            ("München", "Bayern", "Sendlinger Straße 12"),
            ("Köln", "Nordrhein-Westfalen", "Am Hof 3"),
            ("Hamburg", "Hamburg", "Große Elbstraße 88"),
        ],
    },
    Culture {
        country: "France",
        code: "FR",
        language: "fr-FR",
        dial: "+33",
        family_first: false,
        given: plain!("Zoë" => "zoe", "François" => "francois", "Hélène" => "helene", "Benoît" => "benoit", "Chloé" => "chloe", "Rémi" => "remi", "Amélie" => "amelie", "Théo" => "theo", "Maëlys" => "maelys", "Loïc" => "loic"),
        family: plain!("Lefèvre" => "lefevre", "Garçon" => "garcon", "Béranger" => "beranger", "Moreau" => "moreau", "D'Aubigné" => "daubigne", "Rousseau" => "rousseau", "Mercier" => "mercier", "Noël" => "noel", "Chevalier" => "chevalier"),
        cities: &[
            ("Paris", "Île-de-France", "17 rue de Rivoli"),
            ("Lyon", "Auvergne-Rhône-Alpes", "4 quai Saint-Antoine"),
            ("Nîmes", "Occitanie", "2 boulevard Victor-Hugo"),
        ],
    },
    Culture {
        country: "Poland",
        code: "PL",
        language: "pl-PL",
        dial: "+48",
        family_first: false,
        given: plain!("Łukasz" => "lukasz", "Małgorzata" => "malgorzata", "Paweł" => "pawel", "Żaneta" => "zaneta", "Krzysztof" => "krzysztof", "Agnieszka" => "agnieszka", "Tomasz" => "tomasz", "Zofia" => "zofia"),
        family: plain!("Wójcik" => "wojcik", "Kowalczyk" => "kowalczyk", "Dąbrowska" => "dabrowska", "Śliwiński" => "sliwinski", "Zając" => "zajac", "Nowak" => "nowak", "Gąsior" => "gasior", "Jabłońska" => "jablonska"),
        cities: &[
            ("Kraków", "Małopolskie", "ul. Floriańska 21"),
            ("Łódź", "Łódzkie", "ul. Piotrkowska 104"),
            ("Warszawa", "Mazowieckie", "ul. Złota 44"),
        ],
    },
    Culture {
        country: "Japan",
        code: "JP",
        language: "ja-JP",
        dial: "+81",
        family_first: true,
        given: plain!("美咲" => "misaki", "蓮" => "ren", "葵" => "aoi", "大輔" => "daisuke", "結衣" => "yui", "健太" => "kenta", "さくら" => "sakura", "直樹" => "naoki"),
        family: plain!("佐藤" => "sato", "鈴木" => "suzuki", "高橋" => "takahashi", "田中" => "tanaka", "渡辺" => "watanabe", "小林" => "kobayashi", "山本" => "yamamoto", "中村" => "nakamura"),
        cities: &[
            ("東京", "東京都", "千代田区丸の内 1-9-2"),
            ("大阪", "大阪府", "北区梅田 3-1-1"),
            ("福岡", "福岡県", "博多区博多駅前 2-1"),
        ],
    },
    Culture {
        country: "India",
        code: "IN",
        language: "en-IN",
        dial: "+91",
        family_first: false,
        given: plain!("Aarav" => "aarav", "Priya" => "priya", "Rohan" => "rohan", "Ananya" => "ananya", "Vikram" => "vikram", "Kavya" => "kavya", "Arjun" => "arjun", "Meera" => "meera", "Sanjay" => "sanjay", "Divya" => "divya"),
        family: plain!("Iyer" => "iyer", "Sharma" => "sharma", "Chatterjee" => "chatterjee", "Reddy" => "reddy", "Kulkarni" => "kulkarni", "Nair" => "nair", "Gupta" => "gupta", "Banerjee" => "banerjee", "Patel" => "patel"),
        cities: &[
            ("Bengaluru", "Karnataka", "14 Residency Road"),
            ("Pune", "Maharashtra", "7 Fergusson College Road"),
            ("Chennai", "Tamil Nadu", "220 Anna Salai"),
        ],
    },
    Culture {
        country: "Greece",
        code: "GR",
        language: "el-GR",
        dial: "+30",
        family_first: false,
        given: plain!("Ελένη" => "eleni", "Γιώργος" => "giorgos", "Κατερίνα" => "katerina", "Νίκος" => "nikos", "Σοφία" => "sofia", "Δημήτρης" => "dimitris"),
        family: plain!("Παπαδόπουλος" => "papadopoulos", "Αντωνίου" => "antoniou", "Γεωργίου" => "georgiou", "Οικονόμου" => "oikonomou", "Βασιλείου" => "vasileiou"),
        cities: &[("Αθήνα", "Αττική", "Σταδίου 10"), ("Θεσσαλονίκη", "Κεντρική Μακεδονία", "Τσιμισκή 45")],
    },
    Culture {
        country: "United Arab Emirates",
        code: "AE",
        language: "ar-AE",
        dial: "+971",
        family_first: false,
        given: plain!("ليلى" => "layla", "عمر" => "omar", "فاطمة" => "fatima", "يوسف" => "yousef", "نور" => "noor", "خالد" => "khalid"),
        family: plain!("الحداد" => "alhaddad", "المنصوري" => "almansoori", "الزعابي" => "alzaabi", "النجار" => "alnajjar", "السويدي" => "alsuwaidi"),
        cities: &[("دبي", "دبي", "شارع الشيخ زايد 120"), ("أبوظبي", "أبوظبي", "شارع الكورنيش 8")],
    },
    Culture {
        country: "Brazil",
        code: "BR",
        language: "pt-BR",
        dial: "+55",
        family_first: false,
        given: plain!("João" => "joao", "Conceição" => "conceicao", "Thaís" => "thais", "Antônio" => "antonio", "Luíza" => "luiza", "Otávio" => "otavio", "Beatriz" => "beatriz"),
        family: plain!("Gonçalves" => "goncalves", "Araújo" => "araujo", "Magalhães" => "magalhaes", "da Silva" => "dasilva", "Conceição" => "conceicao", "Ribeiro" => "ribeiro"),
        cities: &[("São Paulo", "SP", "Avenida Paulista 1374"), ("Curitiba", "PR", "Rua XV de Novembro 90")],
    },
    Culture {
        country: "Czechia",
        code: "CZ",
        language: "cs-CZ",
        dial: "+420",
        family_first: false,
        given: plain!("Jiří" => "jiri", "Tereza" => "tereza", "Ondřej" => "ondrej", "Zdeňka" => "zdenka", "Matěj" => "matej", "Kateřina" => "katerina"),
        family: plain!("Dvořák" => "dvorak", "Svobodová" => "svobodova", "Růžička" => "ruzicka", "Černý" => "cerny", "Procházka" => "prochazka", "Kučerová" => "kucerova"),
        cities: &[("Brno", "Jihomoravský kraj", "Kobližná 19"), ("Praha", "Praha", "Na Příkopě 33")],
    },
];

/// Departments with the jobs in them.
pub(super) static DEPARTMENTS: &[(&str, &[&str])] = &[
    (
        "Sales",
        &["Account Executive", "Sales Manager", "Inside Sales Representative", "Regional Sales Director"],
    ),
    ("Marketing", &["Content Strategist", "Campaign Manager", "Brand Designer"]),
    (
        "Engineering",
        &["Software Engineer", "Senior Software Engineer", "Staff Engineer", "Engineering Manager"],
    ),
    ("Quality Assurance", &["Test Engineer", "QA Lead"]),
    ("Product Management", &["Product Manager", "Product Owner", "Product Analyst"]),
    ("Finance", &["Accountant", "Controller", "Financial Analyst", "Treasury Specialist"]),
    ("Human Resources", &["HR Business Partner", "Recruiter", "People Operations Specialist"]),
    ("Legal", &["Counsel", "Paralegal", "Contract Manager"]),
    ("IT", &["Systems Administrator", "Help Desk Technician", "Identity Engineer", "Network Engineer"]),
    ("Information Security", &["Security Analyst", "Incident Responder", "Security Architect"]),
    ("Customer Support", &["Support Engineer", "Support Team Lead", "Customer Success Manager"]),
    ("Manufacturing", &["Production Planner", "Line Supervisor", "Process Engineer"]),
    ("Supply Chain", &["Logistics Coordinator", "Buyer", "Warehouse Supervisor"]),
    ("Research & Development", &["Research Scientist", "Lab Technician", "Principal Researcher"]),
    ("Facilities", &["Facilities Manager", "Receptionist"]),
    ("Executive", &["Chief of Staff", "Executive Assistant"]),
];

pub(super) static OFFICES: &[&str] =
    &["North Tower/3", "Main/1204", "Annex B", "Campus 4/210", "Remote", "HQ/17"];
pub(super) static PARTNERS: &[&str] =
    &["fabrikam.example", "northwind.example", "tailspin.example", "wingtip.example"];
/// What groups are about, in the pattern of one of the prefixes.
pub(super) static TOPICS: &[&str] = &[
    "Payroll",
    "Field Service",
    "Data Platform",
    "Quarterly Close",
    "Trade Shows",
    "Design System",
    "Incident Response",
    "Onboarding",
    "Vendor Management",
    "Mobile App",
    "Travel Desk",
    "Export Control",
    "Works Council",
    "Prototype Lab",
    "Customer Advisory",
    "Spare Parts",
    "Budget Review",
    "Translations",
    "Fleet",
    "Apprentices",
];
