package pii

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	for name, want := range map[string]string{
		"email": "email", "e_mail": "e mail", "EMAIL_ADDRESS": "email address", "emailAddress": "email address", "IPAddress": "ip address",
		"email2": "email 2", "dateOfBirth": "date of birth", "SSNLast4": "ssn last 4", "user.phone-number": "user phone number", "": "",
		"__x__": "x", "ÄpfelZahl": "äpfel zahl", "ID": "id", "userID": "user id", "HTTPServer2Name": "http server 2 name",
	} {
		if diff := cmp.Diff(want, strings.Join(Tokens(name), " ")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// names holds, by table, names that must be judged personal and names that must not, each list in one line of words.
var names = []struct{ table, personal, other string }{
	{"events", // a table that says nothing of people: lexicon A only
		"email e_mail Email EMAIL emailAddress email_address user_email customer_email billing_email work_email email_raw email_lower email1 email_2 " +
			"personal_email primary_email emergency_contact_phone phone phone_number phoneNumber phone_1 home_phone mobile_phone mobile_number cell_phone " +
			"telephone telephone_number ssn SSN employee_ssn social_security_number passport_number passportNo passport_no national_id tax_id drivers_license " +
			"driver_license_number iban IBAN credit_card credit_card_number creditCardNumber card_number card_pan date_of_birth dateOfBirth dob DOB birth_date birthdate " +
			"birthday patient_dob maiden_name mothers_maiden_name mrn medical_record_number diagnosis ip_address ipAddress IPAddress client_ip_address mac_address " +
			"license_plate nin author_email committer_email email_normalized phone_primary",
		// substrings
		"emailed_count session session_id session_token assn adobe adobe_id dobson ip ips zip_file gzip zipped phonetic telephony_cost emailer ibanez mobile " +
			"assignee classnames passport birth birthplace mailing mailing_list male female agenda sexton genders_covered " +
			// about the data, not the data
			"email_count email_sent_at email_status email_type email_template email_subject email_bounced email_opt_in email_opt_out email_domain email_hash " +
			"email_sha256 email_md5 email_masked email_encrypted email_token email_verified email_id email_campaign email_clicks email_open_rate email_provider " +
			"email_frequency email_consent email_created_at email_is_valid email_preferences email_body email_client email_notifications_enabled " +
			"is_email has_email num_emails count_email hashed_email masked_email encrypted_email anonymized_email valid_email is_valid_email email_flag emails_sent " +
			"phone_type phone_model phone_os phone_count phone_country_code phone_prefix has_phone phone_verified phone_hash phone_masked is_phone_valid phone_brand " +
			"ssn_hash ssn_last_4 ssn_last4 has_ssn is_ssn_valid ssn_masked ssn_token passport_country passport_expiry tax_id_type tax_rate tax " +
			"credit_card_type credit_card_brand credit_card_expiry credit_card_fee credit_card_count card_type card_brand card_id iban_country iban_hash " +
			"dob_year birth_year birth_month year_of_birth birth_country has_dob ip_address_count ip_address_hash ip_country mac mac_model mac_version " +
			"diagnosis_code diagnosis_count diagnosis_date mrn_hash license license_type license_key days_since_birthday " +
			// somebody else's
			"contact_email program_contact_email RecAreaPhone proctoring_escalation_email company_email company_phone support_email noreply_email agency_email agency_phone store_phone vendor_email hotel_phone office_phone feed_contact_email " +
			"server_ip_address host_ip_address node_ip_address business_phone organization_email publisher_email bank_phone corporate_tax_id " +
			// names that could be anything
			"name names title first_name last_name full_name surname address street zip zip_code postal_code gender salary device_id user_agent cookie_id " +
			"account_number username login event_name file_name table_name product_name company_name city_name repo_full_name full_name_of_repo " +
			"wallet_address contract_address token_address from_address to_address memory_address address_id address_type address_count web_address url_address " +
			"last_login login_count first_login login_at logins user_agent_family user_agent_version device_id_type zip_count zip_name gender_count " +
			"age ages page cache_age max_age average_age age_group id ids user_id customer_id patient_id member_id account_id contact_id lead_id lead_time " +
			"lat latitude lon lng longitude latest latency long lattice city state country region county race races religious_holiday sex " +
			"username_count salary_range salaries created_at updated_at amount quantity price revenue description comment notes note text body subject " +
			"first_order last_order first_seen last_seen first_event_name last_name_change street_count streetlight dress undress network"},
	{"customers", // a table of people: lexicon B too
		"first_name last_name firstName LastName FIRST_NAME full_name surname given_name family_name middle_name address address_line1 address_line_2 street " +
			"street_address zip zip_code zipcode postal_code billing_address shipping_address home_address billing_zip gender salary annual_salary device_id user_agent " +
			"cookie_id account_number username user_name login ethnicity religion customer_first_name contact_last_name emergency_contact_last_name billing_postal_code " +
			"email phone contact_email user_login recipient_full_name owner_full_name",
		"name customer_name address_id address_type address_count has_address address_hash zip_count last_login login_count login_at username_hash " +
			"first_name_count full_name_hash gender_code product_full_name repo_full_name file_full_name store_address company_address wallet_address contract_address " +
			"ip_count age customer_id id is_gender_known city state country user_agent_family device_id_hash device_type salary_band street_count ip web_address " +
			"gender_is_known religion_id masked_address hashed_full_name first_order_date last_order_date event_address email_address_id"},
	{"stores", // organisations and places
		"employee_email_of_none dob",
		"phone email address street zip zip_code postal_code tax_id latitude longitude first_name username account_number_type"},
	{"agency", "", "agency_email agency_phone email phone agency_name address zip"},
	{"company_users", "email phone first_name address", "company_address company_phone company_email"},
	{"network_devices", "email", "ip_address mac_address address user_agent"},
	{"eth_wallets", "email", "address ip_address wallet_address street"},
	{"dim_employee", "salary first_name address", "salary_grade name store_address"},
	{"user_events", "email user_agent device_id ip_address cookie_id", "event_name event_address_type page_title user_id"},
	{"fct_leads", "email full_name phone_number", "lead_time lead_source lead_score"},
}

func TestNames(t *testing.T) {
	total := 0
	for _, c := range names {
		for _, want := range []bool{true, false} {
			list := c.other
			if want {
				list = c.personal
			}
			for _, name := range strings.Fields(list) {
				total++
				v := Classify(c.table, []Column{{Name: name}})[0]
				if v.Personal() != (want && !strings.HasSuffix(name, "_none")) {
					t.Errorf("%s.%s: personal %v (%s), want %v", c.table, name, v.Personal(), v, want)
				}
			}
		}
	}
	if total < 400 {
		t.Errorf("only %d names are tried", total)
	}
}

func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		table   string
		columns []Column
		want    string // of the first column
		score   int
	}{
		{"x", []Column{{Name: "email", Type: "VARCHAR(200)"}}, "`email` +5, varchar(200) +1", 6},
		{"x", []Column{{Name: "email", Type: "boolean"}}, "`email` +5, a boolean -5", 0},
		{"x", []Column{{Name: "email", Type: "int64"}}, "`email` +5, a number -5", 0},
		{"x", []Column{{Name: "user_email", Type: "timestamp"}}, "`email` +5, a date -5", 0},
		{"x", []Column{{Name: "phone", Type: "bigint"}}, "`phone` +5", 5},
		{"x", []Column{{Name: "zip_code", Type: "int"}}, "`zip_code` +3", 3},
		{"x", []Column{{Name: "dob", Type: "date"}}, "`dob` +5, date +1", 6},
		{"x", []Column{{Name: "email"}, {Name: "dob"}}, "`email` +5, other personal columns beside it +2", 7},
		{"x", []Column{{Name: "first_name"}, {Name: "email"}}, "`first_name` +3, other personal columns beside it +2", 5},
		{"x", []Column{{Name: "zip"}, {Name: "device_id"}}, "`zip` +3", 3},
		{"x", []Column{{Name: "address", Description: "postal address of the patient"}}, "`address` +3, its description +2", 5},
		{"x", []Column{{Name: "email", Description: "hashed with a salt"}}, "`email` +5, its description says that it is not personal -5", 0},
		{"x", []Column{{Name: "email", Description: "contains no PII"}}, "`email` +5, its description says that it is not personal -5", 0},
		{"x", []Column{{Name: "comment", Label: "pii"}}, "labelled pii +10", 10},
		{"x", []Column{{Name: "comment", Label: "contains_pii_email"}}, "labelled contains_pii_email +10", 10},
		{"x", []Column{{Name: "email", Label: "none"}}, "labelled none +0", 0},
		{"x", []Column{{Name: "email", Label: "False"}}, "labelled False +0", 0},
		{"x", []Column{{Name: "email", Label: "public"}}, "labelled public +0", 0},
		{"x", []Column{{Name: "email", Label: "restricted"}}, "`email` +5", 5},
		{"x", []Column{{Name: "amount", Label: "restricted"}}, "", 0},
		{"x", []Column{{Name: "email", Masked: true}}, "`email` +5, a masking policy +10", 15},
		{"customers", []Column{{Name: "latitude"}, {Name: "longitude"}}, "`latitude` +3, a table of customers +2", 5},
		{"stations", []Column{{Name: "latitude"}, {Name: "longitude"}}, "", 0},
		{"customers", []Column{{Name: "latitude"}}, "", 0},
	} {
		v := Classify(c.table, c.columns)[0]
		if v.String() != c.want || v.Score != c.score {
			t.Errorf("%s %+v: %q %d, want %q %d", c.table, c.columns[0], v, v.Score, c.want, c.score)
		}
	}
}

func TestCategories(t *testing.T) {
	for name, want := range map[string]Category{
		"email": Contact, "phone": Contact, "ssn": Government, "iban": Financial, "dob": Identity, "diagnosis": Health, "ip_address": Online,
		"zip": Location, "religion": Special, "salary": Financial, "last_name": Identity,
	} {
		v := Classify("customers", []Column{{Name: name}})[0]
		if v.Category != want {
			t.Errorf("%s is %s, want %s", name, v.Category, want)
		}
	}
	for _, name := range []string{"ssn", "iban", "diagnosis", "religion", "salary"} {
		if v := Classify("customers", []Column{{Name: name}})[0]; !v.Category.Sensitive() {
			t.Errorf("%s is not sensitive", name)
		}
	}
	for name, want := range map[string]bool{"email": true, "ssn": true, "last_name": true, "zip": false, "user_agent": false, "ip_address": false} {
		if v := Classify("customers", []Column{{Name: name}})[0]; v.Direct() != want {
			t.Errorf("%s: direct %v, want %v", name, v.Direct(), want)
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("customers", "emailAddress", "text", "the patient's", "pii")
	f.Add("", "", "", "", "")
	f.Fuzz(func(t *testing.T, table, name, typ, description, label string) {
		v := Classify(table, []Column{{Name: name, Type: typ, Description: description, Label: label}})
		if len(v) != 1 || v[0].Personal() && len(v[0].Evidence) == 0 {
			t.Errorf("%q: %+v", name, v)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	columns := []Column{{Name: "order_id"}, {Name: "customer_email"}, {Name: "billing_postal_code"}, {Name: "created_at"}, {Name: "amount"}}
	for b.Loop() {
		Classify("orders", columns)
	}
}
