package pii

import "strings"

// Category is what kind of personal data a column holds.
type Category string

// The categories.
const (
	None        Category = ""
	Contact     Category = "contact"
	Identity    Category = "identity"
	Government  Category = "government-id"
	Financial   Category = "financial"
	Health      Category = "health"
	Location    Category = "location"
	Demographic Category = "demographic"
	Online      Category = "online-id"
	Special     Category = "special-category"
	Unspecified Category = "personal" // labelled, but not with a category
)

// Sensitive reports whether the law or the harm asks for more than usual care: special categories, health, finance, government
// identifiers.
func (c Category) Sensitive() bool {
	return c == Special || c == Health || c == Financial || c == Government
}

// term is one entry of the lexicon: a sequence of words that names personal data.
type term struct {
	words    []string
	category Category
	alone    bool   // lexicon A: unambiguous; the others need context
	holds    string // the kind of value: text, date, any
}

// terms are asked from the longest, so that e_mail_address is not an address.
var terms = func() []term {
	var out []term
	add := func(category Category, alone bool, holds, phrases string) {
		for _, p := range strings.Split(phrases, ",") {
			out = append(out, term{strings.Fields(p), category, alone, holds})
		}
	}
	add(Contact, true, "text", "email,e mail,email address,e mail address,email addr,emailaddress,phone,phone number,phone no,phone num,phonenumber,"+
		"telephone,telephone number,mobile number,mobile phone,mobile no,cell phone,cellphone,cell number,msisdn")
	add(Government, true, "any", "ssn,social security,social security number,social security no,passport no,passport number,passport num,"+
		"tax id,tax identification number,taxpayer id,national id,national id number,national insurance number,nin,driver license,drivers license,"+
		"driver license number,drivers license number,driver licence,driving licence number,license plate,licence plate")
	add(Financial, true, "any", "iban,credit card,credit card number,credit card no,creditcard,creditcard number,cc number,card pan,card number,"+
		"debit card number,bank account number")
	add(Identity, true, "date", "date of birth,dateof birth,dob,birth date,birthdate,birthday,date birth")
	add(Identity, true, "text", "maiden name,mothers maiden name,mother maiden name")
	add(Health, true, "any", "medical record number,mrn,diagnosis")
	add(Online, true, "text", "ip address,ip addr,ipaddress,ipv 4 address,ipv 6 address,mac address")
	add(Identity, false, "text", "first name,last name,full name,firstname,lastname,fullname,surname,forename,given name,family name,middle name")
	add(Location, false, "text", "address,address line,street,street address,home address,zip,zip code,zipcode,postal code,postcode")
	add(Demographic, false, "any", "gender")
	add(Special, false, "any", "ethnicity,race ethnicity,religion,sexual orientation")
	add(Financial, false, "any", "salary")
	add(Online, false, "any", "account number,device id,cookie id")
	add(Online, false, "text", "user agent,username,user name,login,login name")
	return out
}()

// pair are the two halves of a position: only both together say where somebody is.
var latitude, longitude = set("lat latitude"), set("lon lng long longitude")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// people are the words of tables whose rows are persons.
var people = set("user users customer customers contact contacts person persons people patient patients employee employees member members " +
	"subscriber subscribers lead leads passenger passengers applicant applicants guest guests")

// entities are the words of tables, and prefixes of columns, whose addresses and numbers are an organisation's or a place's.
var entities = set("hco hcos company companies organization organizations organisation organisations org orgs agency agencies store stores supplier " +
	"suppliers vendor vendors merchant merchants restaurant restaurants station stations stop stops branch branches warehouse warehouses facility " +
	"facilities hospital hospitals school schools office offices partner partners airport airports hotel hotels bank banks business businesses " +
	"pharmacy pharmacies carrier carriers clearinghouse clearinghouses insurer insurers payer payers employer employers laboratory " +
	"laboratories lab labs manufacturer manufacturers distributor distributors publisher publishers brand brands shop shops clinic clinics venue venues support helpdesk noreply feed site department institution corporate attribution operator")

// fleet are words in front of a licence plate that nobody drives privately.
var fleet = set("vehicle vehicles bus truck fleet trailer train")

// figures are the words of tables whose people are known to the public.
var figures = set("player players athlete athletes actor actors artist artists politician politicians legislator legislators deputy deputies senator senators")

// things are words in front of a contact that make it a thing's: the address of a course's office.
var things = set("area areas park parks program programs course courses escalation team teams project projects campaign product event service system " +
	"reply unsubscribe abuse noc registrar autograph descriptor")

// firsts are words in front of a diagnosis that make it a day or a number.
var firsts = set("earliest latest first last date age time year")

// machines are the words of tables whose addresses are no person's: networks, chains of blocks, memory.
var machines = set("server servers host hosts node nodes network networks firewall router routers switch subnet subnets dns asn cidr vm vms " +
	"instance instances cluster clusters pod pods wallet wallets contract contracts token tokens block blocks blockchain ledger ledgers eth ethereum " +
	"bitcoin stellar solana chain memory register page")

// chain are columns of tables about chains of blocks, whose addresses are no person's.
var chain = set("blockchain tx_hash transaction_hash token_address contract_address wallet_address")

// before are words in front of a term that make it something about personal data, not the data.
var before = set("is has was have had can should num number count cnt n total avg min max pct percent ratio rate days since hash hashed masked " +
	"encrypted anonymized anonymised pseudonymized redacted tokenized obfuscated md sha valid invalid verified unverified allow use show " +
	"enable enabled disable send sent require required missing same different unique distinct template default dummy test fake sample hide " +
	"sha1 sha256 sha512 md5 bounced opt without no not")

// after are words behind a term that leave it what it is.
var after = set("raw text value str string lower upper lowercase clean cleaned normalized normalised trimmed plain primary secondary main home " +
	"work personal private mobile 1 2 3 4 old new original current previous")

// qualifiers are words in front of a term of lexicon B that say whose or which it is.
var qualifiers = set("billing shipping mailing delivery home work primary secondary main legal contact recipient emergency spouse mother father " +
	"parent owner author creator sender receiver buyer seller cardholder holder account patient student teacher current permanent residential " +
	"residence personal private old new raw preferred annual monthly yearly base gross net bank client payer payee person payment")

// labels maps the words of a classification to a category; what says that there is none maps to None.
var labels = map[string]Category{
	"none": None, "false": None, "no": None, "public": None, "non pii": None, "not pii": None, "nonpii": None, "0": None,
	"pii": Unspecified, "true": Unspecified, "yes": Unspecified, "personal": Unspecified, "personal data": Unspecified, "sensitive pii": Unspecified,
	"direct identifier": Identity, "identity": Identity, "identifier": Identity, "name": Identity, "contact": Contact, "email": Contact, "phone": Contact, "address": Location,
	"phi": Health, "health": Health, "medical": Health, "financial": Financial, "pci": Financial, "government id": Government, "national id": Government,
	"location": Location, "online id": Online, "ip": Online, "special category": Special, "special": Special, "biometric": Special, "gdpr": Unspecified, "privacy": Unspecified,
}
