// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/event_writer.h"

#include "models/synth/catalogue.h"

namespace weir::synth {

const std::vector<HeaderView>& headers_of(Platform platform) {
    static const std::vector<HeaderView> all[] = {
        {{"content-type", "application/json"}, {"producer", "web-shop"}},
        {{"content-type", "application/json"}, {"producer", "app-ios"}},
        {{"content-type", "application/json"}, {"producer", "app-android"}},
        {{"content-type", "application/json"}, {"producer", "srv-orders"}}};
    return all[static_cast<std::size_t>(platform)];
}

void EventWriter::name(std::string_view name) {
    if (!m_first)
        m_out.add(',');
    m_first = false;
    m_out.quoted(name);
    m_out.add(':');
}

void EventWriter::text(std::string_view member, std::string_view value) {
    name(member);
    m_out.quoted(value);
}

/// Which member a fault goes into. Half of the missing ones are members that every event has.
void EventWriter::choose_victim(const Session& session, Random& random) {
    m_pointer = {};
    switch (m_fault) {
    case Fault::MissingField: {
        constexpr std::string_view common[] = {"/event_id", "/event_type", "/session_id",
                                               "/schema_version"};
        const std::uint32_t drawn = random.below(8);
        m_pointer =
            drawn < (m_sure ? 3U : 4U) ? common[drawn] : info_of(session.step).number_pointer;
        return;
    }
    case Fault::WrongType:
    case Fault::OutOfRange:
        m_pointer = info_of(session.step).number_pointer;
        return;
    case Fault::UnknownType:
        m_pointer = "/event_type";
        return;
    case Fault::UnknownVersion:
        m_pointer = "/schema_version";
        return;
    case Fault::BadTime:
        m_pointer = "/event_time";
        return;
    case Fault::None:
    case Fault::BrokenJson:
    case Fault::BadEncoding:
    case Fault::NotJson:
        return;
    }
}

void EventWriter::schema_version(std::int64_t version) {
    if (missing("/schema_version"))
        return;
    name("schema_version");
    m_out.number(m_fault == Fault::UnknownVersion ? 99 : version);
}

void EventWriter::write_who(const Session& session) {
    const bool server = session.step == Step::OrderCompleted;
    if (!missing("/session_id")) {
        name("session_id");
        m_out.add('"');
        m_out.hex(session.id);
        m_out.add('"');
    }
    name("anonymous_id");
    m_out.add('"');
    m_out.hex(session.anonymous);
    m_out.add('"');
    name("user_id");
    if (session.signed_in) {
        m_out.add("\"u-");
        m_out.number(1'000'000 + session.user);
        m_out.add('"');
    } else {
        m_out.add("null");
    }
    text("source", server ? "server" : "client");
    text("source_id", server                              ? "orders"
                      : session.platform == Platform::Web ? "web"
                      : session.platform == Platform::Ios ? "ios"
                                                          : "android");
    text("platform", server ? "server" : to_word(session.platform));
}

void EventWriter::write_times(const EventTimes& times) {
    name("event_time");
    if (m_fault == Fault::BadTime)
        m_out.quoted("yesterday at noon");
    else
        m_out.time(times.event);
    name("sent_time");
    m_out.time(times.sent);
    name("received_time");
    m_out.time(times.received);
}

void EventWriter::write_context(Session& session, Random& random) {
    name("context");
    m_out.add('{');
    m_first = true;
    if (session.step == Step::OrderCompleted) {
        text("app_version", server_version);
        m_out.add('}');
        return;
    }
    text("app_version", session.version);
    text("locale", session.locale);
    name("ip");
    m_out.add('"');
    m_out.add(session.ip_net);
    m_out.number(session.ip_host);
    m_out.add('"');
    if (session.platform == Platform::Web) {
        text("user_agent", session.agent);
        name("page");
        m_out.add("{\"path\":");
        m_landing.page = draw(paths, random);
        m_out.quoted(m_landing.page);
        m_out.add('}');
    }
    if (!session.campaign.empty() && !session.landed) {
        name("campaign");
        m_landing.campaign = session.campaign;
        m_out.add(session.campaign);
    }
    if (!session.referrer.empty() && !session.landed) {
        m_landing.referrer = session.referrer;
        text("referrer", session.referrer);
    }
    session.landed = true;
    if (!session.consent_ads)
        m_landing = {}; // told, and not to be used
    name("consent");
    m_out.add(session.consent_ads ? R"({"ads":true})" : R"({"ads":false})");
    m_out.add('}');
}

/// The one number that every type has in its properties, sound or not.
void EventWriter::write_number(const StepInfo& step, std::int64_t value) {
    if (missing(step.number_pointer))
        return;
    name(step.number_name);
    if (m_fault == Fault::OutOfRange)
        value = -1 - value;
    if (m_fault == Fault::WrongType)
        m_out.add('"');
    if (step.money)
        m_out.cents(value);
    else
        m_out.number(value);
    if (m_fault == Fault::WrongType)
        m_out.add('"');
}

void write_order_number(const Session& session, JsonBuffer& out) {
    out.add(session.order_prefix);
    out.number(session.order);
}

void EventWriter::write_order_id(const Session& session) {
    name("order_id");
    if (session.large_id > 0)
        m_out.add(large_ids[session.large_id - 1]);
    else
        write_order_number(session, m_out);
}

void EventWriter::write_items(const Session& session) {
    name("items");
    m_out.add("[{\"sku\":\"SKU-");
    m_out.number(10'000 + session.sku);
    m_out.add("\",\"quantity\":");
    m_out.number(session.quantity);
    m_out.add(",\"price\":");
    m_out.cents(session.price_cents);
    m_out.add("}]");
}

void EventWriter::write_properties(const Session& session, Random& random) {
    const StepInfo& step = info_of(session.step);
    name("properties");
    m_out.add('{');
    m_first = true;
    const std::int64_t total = session.price_cents * session.quantity;
    switch (session.step) {
    case Step::ProductView:
    case Step::AddToCart:
        name("sku");
        m_out.add("\"SKU-");
        m_out.number(10'000 + session.sku);
        m_out.add('"');
        write_number(step, session.price_cents);
        text("currency", session.currency);
        if (session.step == Step::ProductView) {
            text("category", session.category);
        } else {
            name("quantity");
            m_out.number(session.quantity);
        }
        break;
    case Step::Search:
        text("query", draw(queries, random));
        write_number(step, random.below(240));
        break;
    case Step::Signup:
        name("email");
        m_out.add("\"user");
        m_out.number(session.user);
        m_out.add('@');
        m_out.add(mail_hosts[mix(session.user) % std::size(mail_hosts)].text);
        m_out.add('"');
        write_number(step, 3'000 + random.below(60'000));
        break;
    case Step::Login:
        text("method", "password");
        write_number(step, 1 + random.below(100) / 90);
        break;
    case Step::CheckoutStarted:
        write_number(step, total);
        text("currency", session.currency);
        break;
    case Step::Purchase:
    case Step::OrderCompleted:
        write_order_id(session);
        write_number(step, total);
        text("currency", session.currency);
        write_items(session);
        break;
    default:
        write_number(step, 40 + random.below(900));
    }
    m_out.add('}');
}

/// Faults of the text as a whole.
void EventWriter::spoil(Random& random) {
    const auto size = static_cast<std::uint32_t>(m_out.size());
    if (m_fault == Fault::BrokenJson) {
        m_out.cut(size / 4 + random.below(size / 2));
    } else if (m_fault == Fault::BadEncoding) {
        m_out.replace(14 + random.below(24), '\xFF'); // within the event id
    } else if (m_fault == Fault::NotJson) {
        m_out.clear();
        m_out.add(draw(not_json, random));
    }
}

std::string_view EventWriter::write(Session& session, const EventTimes& times, Fault fault,
                                    Random& random) {
    const StepInfo& step = info_of(session.step);
    m_fault = fault;
    choose_victim(session, random);
    m_landing = {};
    m_out.clear();
    m_out.add('{');
    m_first = true;
    const std::uint64_t high = random.next();
    m_id.clear();
    m_id.uuid(high, random.next());
    if (!missing("/event_id"))
        text("event_id", m_id.view());
    if (!missing("/event_type"))
        text("event_type", fault == Fault::UnknownType ? draw(unknown_types, random) : step.type);
    schema_version(step.schema_version);
    write_who(session);
    write_times(times);
    write_context(session, random);
    m_first = false;
    write_properties(session, random);
    m_out.add('}');
    spoil(random);
    return m_out.view();
}

} // namespace weir::synth
