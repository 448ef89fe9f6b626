// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/field_class.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace weir {
namespace {

using Table = std::unordered_map<std::string_view, FieldClass>;
using Words = std::unordered_set<std::string_view>;

constexpr std::size_t name_bytes_max = 128; // of a longer name only the beginning is looked at

/// Whole names, written together in lower case.
const Table& whole_names() {
    static const Table table = {
        {"ip", FieldClass::Ip},
        {"ipaddr", FieldClass::Ip},
        {"remoteaddr", FieldClass::Ip},
        {"xforwardedfor", FieldClass::Ip},
        {"forwarded", FieldClass::Ip},
        {"xforwarded", FieldClass::Ip},
        {"useripaddress", FieldClass::Ip},
        {"firstname", FieldClass::Name},
        {"lastname", FieldClass::Name},
        {"middlename", FieldClass::Name},
        {"fullname", FieldClass::Name},
        {"givenname", FieldClass::Name},
        {"familyname", FieldClass::Name},
        {"maidenname", FieldClass::Name},
        {"displayname", FieldClass::Name},
        {"nickname", FieldClass::Name},
        {"fname", FieldClass::Name},
        {"lname", FieldClass::Name},
        {"realname", FieldClass::Name},
        {"legalname", FieldClass::Name},
        {"cardholder", FieldClass::Name},
        {"cardholdername", FieldClass::Name},
        {"contactname", FieldClass::Name},
        {"customername", FieldClass::Name},
        {"recipientname", FieldClass::Name},
        {"screenname", FieldClass::None}, // the name of an app's screen, not of a person
        {"zip", FieldClass::Address},
        {"userid", FieldClass::Identity},
        {"uid", FieldClass::Identity},
        {"anonymousid", FieldClass::Identity},
        {"previousid", FieldClass::Identity},
        {"customerid", FieldClass::Identity},
        {"memberid", FieldClass::Identity},
        {"visitorid", FieldClass::Identity},
        {"clientid", FieldClass::Identity},
        {"distinctid", FieldClass::Identity},
        {"deviceid", FieldClass::Identity},
        {"advertisingid", FieldClass::Identity},
        {"idfa", FieldClass::Identity},
        {"idfv", FieldClass::Identity},
        {"gaid", FieldClass::Identity},
        {"domainuserid", FieldClass::Identity},
        {"networkuserid", FieldClass::Identity},
        {"userfingerprint", FieldClass::Identity},
        {"fingerprint", FieldClass::Identity},
        {"duid", FieldClass::Identity},
        {"nuid", FieldClass::Identity},
        {"tnuid", FieldClass::Identity},
        {"lat", FieldClass::Location},
        {"lon", FieldClass::Location},
        {"lng", FieldClass::Location},
        {"pan", FieldClass::Card},
        {"card", FieldClass::Card},
        {"creditcard", FieldClass::Card},
        {"cvc", FieldClass::Card},
        {"cvv", FieldClass::Card},
        {"dob", FieldClass::Birth},
        {"sessioncookie", FieldClass::Token},
        {"pin", FieldClass::Token},
        {"otp", FieldClass::Token},
    };
    return table;
}

/// Words that say it wherever they stand in a name.
const Table& telling_words() {
    static const Table table = {
        {"email", FieldClass::Email},
        {"mail", FieldClass::Email},
        {"emails", FieldClass::Email},
        {"phone", FieldClass::Phone},
        {"phones", FieldClass::Phone},
        {"telephone", FieldClass::Phone},
        {"msisdn", FieldClass::Phone},
        {"fax", FieldClass::Phone},
        {"ip", FieldClass::Ip},
        {"ips", FieldClass::Ip},
        {"ipv4", FieldClass::Ip},
        {"ipv6", FieldClass::Ip},
        {"password", FieldClass::Token},
        {"passwd", FieldClass::Token},
        {"pwd", FieldClass::Token},
        {"passphrase", FieldClass::Token},
        {"secret", FieldClass::Token},
        {"token", FieldClass::Token},
        {"tokens", FieldClass::Token},
        {"authorization", FieldClass::Token},
        {"cookie", FieldClass::Token},
        {"cookies", FieldClass::Token},
        {"credential", FieldClass::Token},
        {"credentials", FieldClass::Token},
        {"jwt", FieldClass::Token},
        {"username", FieldClass::Name},
        {"surname", FieldClass::Name},
        {"forename", FieldClass::Name},
        {"street", FieldClass::Address},
        {"address", FieldClass::Address},
        {"addresses", FieldClass::Address},
        {"address1", FieldClass::Address},
        {"address2", FieldClass::Address},
        {"postcode", FieldClass::Address},
        {"postal", FieldClass::Address},
        {"zipcode", FieldClass::Address},
        {"ssn", FieldClass::NationalId},
        {"passport", FieldClass::NationalId},
        {"iban", FieldClass::Iban},
        {"birthday", FieldClass::Birth},
        {"birthdate", FieldClass::Birth},
        {"birth", FieldClass::Birth},
        {"latitude", FieldClass::Location},
        {"longitude", FieldClass::Location},
    };
    return table;
}

struct Part {
    std::string_view text;
    FieldClass field_class;
};
/// What may stand anywhere in a name that is written together.
constexpr Part telling_parts[] = {
    {"password", FieldClass::Token},        {"passwd", FieldClass::Token},
    {"secret", FieldClass::Token},          {"authorization", FieldClass::Token},
    {"apikey", FieldClass::Token},          {"accesskey", FieldClass::Token},
    {"privatekey", FieldClass::Token},      {"authtoken", FieldClass::Token},
    {"accesstoken", FieldClass::Token},     {"refreshtoken", FieldClass::Token},
    {"emailaddress", FieldClass::Email},    {"useremail", FieldClass::Email},
    {"phonenumber", FieldClass::Phone},     {"mobilenumber", FieldClass::Phone},
    {"ipaddress", FieldClass::Ip},          {"clientip", FieldClass::Ip},
    {"forwardedfor", FieldClass::Ip},       {"cardnumber", FieldClass::Card},
    {"creditcard", FieldClass::Card},       {"socialsecurity", FieldClass::NationalId},
    {"nationalid", FieldClass::NationalId}, {"taxid", FieldClass::NationalId},
    {"taxnumber", FieldClass::NationalId},  {"accountnumber", FieldClass::Iban},
    {"userid", FieldClass::Identity},       {"anonymousid", FieldClass::Identity},
    {"customerid", FieldClass::Identity},   {"visitorid", FieldClass::Identity},
    {"deviceid", FieldClass::Identity},     {"advertisingid", FieldClass::Identity},
};

/// Last words of names whose text or number stands for somebody.
const Table& scalar_ends() {
    static const Table table = {
        {"user", FieldClass::Identity},       {"users", FieldClass::Identity},
        {"customer", FieldClass::Identity},   {"customers", FieldClass::Identity},
        {"person", FieldClass::Identity},     {"owner", FieldClass::Identity},
        {"author", FieldClass::Identity},     {"recipient", FieldClass::Identity},
        {"recipients", FieldClass::Identity}, {"sender", FieldClass::Identity},
        {"passenger", FieldClass::Identity},  {"patient", FieldClass::Identity},
        {"employee", FieldClass::Identity},   {"visitor", FieldClass::Identity},
        {"buyer", FieldClass::Identity},      {"login", FieldClass::Identity},
        {"mobile", FieldClass::Phone},        {"cellphone", FieldClass::Phone},
        {"tel", FieldClass::Phone},           {"whatsapp", FieldClass::Phone},
    };
    return table;
}

/// `email_verified` and `token_type` are about the thing, not the thing.
const Words& harmless_ends() {
    static const Words words = {"verified", "count",   "type",    "enabled", "status",
                                "opened",   "clicked", "length",  "version", "model",
                                "brand",    "os",      "consent", "optin",   "subscribed"};
    return words;
}

/// Objects that describe a person or a person's device: `name` and `id` in them are somebody's.
const Words& persons() {
    static const Words words = {
        "user",   "users",     "traits",  "customer", "person",  "people", "contact", "profile",
        "owner",  "recipient", "billing", "shipping", "sender",  "author", "member",  "account",
        "device", "passenger", "patient", "employee", "visitor", "buyer",  "identity"};
    return words;
}

struct Split {
    std::string together;           // in lower case, without what parts the words
    std::vector<std::string> words; // in lower case
};

bool is_upper(char ch) {
    return ch >= 'A' && ch <= 'Z';
}
bool is_name_word(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') ||
           static_cast<unsigned char>(ch) >= 0x80;
}

/// userEmail, user-email and USER_EMAIL are all {user, email}.
Split split(std::string_view name) {
    name = name.substr(0, name_bytes_max);
    Split out;
    bool new_word = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char ch = name[i];
        const char low = is_upper(ch) ? static_cast<char>(ch + 32) : ch;
        if (!is_name_word(low)) {
            new_word = true;
            continue;
        }
        const bool lower_before = i > 0 && !is_upper(name[i - 1]);
        const bool lower_after = i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
        if (is_upper(ch) && (lower_before || lower_after))
            new_word = true;
        if (new_word)
            out.words.emplace_back();
        new_word = false;
        out.words.back() += low;
        out.together += low;
    }
    return out;
}

} // namespace

std::string_view to_word(FieldClass field_class) {
    constexpr std::string_view words[] = {"",      "email", "phone",   "card",     "ip",
                                          "token", "name",  "address", "identity", "national id",
                                          "iban",  "birth", "location"};
    return words[static_cast<std::size_t>(field_class)];
}

FieldClass class_of_name(std::string_view name, std::string_view parent) {
    const Split split_name = split(name);
    if (split_name.words.empty())
        return FieldClass::None;
    if (const auto found = whole_names().find(split_name.together); found != whole_names().end())
        return found->second;
    if (harmless_ends().count(split_name.words.back()) > 0)
        return FieldClass::None;
    for (const std::string& word : split_name.words)
        if (const auto found = telling_words().find(word); found != telling_words().end())
            return found->second;
    for (const Part& part : telling_parts)
        if (split_name.together.find(part.text) != std::string::npos)
            return part.field_class;
    if (split_name.together == "name" || split_name.together == "id") {
        const Split split_parent = split(parent);
        for (const std::string& word : split_parent.words)
            if (persons().count(word) > 0)
                return split_name.together == "name" ? FieldClass::Name : FieldClass::Identity;
    }
    return FieldClass::None;
}

FieldClass class_of_scalar(std::string_view name) {
    const Split split_name = split(name);
    if (split_name.words.empty())
        return FieldClass::None;
    const auto found = scalar_ends().find(split_name.words.back());
    return found == scalar_ends().end() ? FieldClass::None : found->second;
}

} // namespace weir
