// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// Whatever is masked in a payload is found nowhere: by no word, by no field, in no cell of the
// table, in no export.
#include <QTemporaryDir>
#include <QtTest>

#include <cctype>
#include <iterator>
#include <random>

#include "models/event/json/json_tape.h"
#include "models/live/export_job.h"
#include "models/live/live_feed.h"
#include "models/live/row_matcher.h"
#include "models/live/row_reader.h"
#include "tests/support/live_world.h"

using namespace weir;

namespace {

std::string quoted(const std::string& text) {
    std::string out;
    append_json_string(text, out);
    return out;
}

std::string base64(const std::string& text) {
    return QByteArray::fromStdString(text).toBase64().toStdString();
}

std::string percent(const std::string& text) {
    return QByteArray::fromStdString(text).toPercentEncoding().toStdString();
}

/// Hides one secret in an event, in one of many ways, and repeats it beside the payload.
class Hider {
  public:
    explicit Hider(unsigned seed)
        : m_random(seed) {}

    /// Letters and digits that stand nowhere else.
    std::string secret() {
        std::string text = "zq";
        for (int i = 0; i < 8; ++i)
            text += "bcdfghjklmnpqrstvwxz0123456789"[m_random() % 30];
        return text;
    }

    LiveWorldEvent event(const std::string& secret, std::int64_t offset) {
        LiveWorldEvent event;
        event.offset = offset;
        event.value = R"({"event_type":"purchase","properties":{"sku":"SKU-1","hidden":)" +
                      hidden(secret) + "}}";
        event.key = repeated(secret);
        event.headers = {{"ref", repeated(secret)}, {"x-user-email", secret}};
        return event;
    }

  private:
    std::string hidden(const std::string& secret) {
        const std::string mail = secret + "@x.org";
        const std::string person = "{\"user_id\":" + quoted(secret) + "}";
        const std::string ways[] = {
            "{\"email\":" + quoted(secret) + "}",
            "{\"traits\":{\"name\":" + quoted("Dr. " + secret) + "}}",
            "{\"user\":" + quoted(secret) + "}",
            "{\"" + mail + "\":1}",
            quoted(mail),
            quoted("write to <" + mail + ">"),
            quoted("https://x.example/?page=2&email=" + percent(mail) + "&a=b"),
            quoted("https://x.example/?user_id=" + secret + "&page=2"),
            quoted("https://x.example/?next=" + percent("https://y/?token=" + secret)),
            quoted("/u/" + percent(percent(mail))),
            quoted(person),
            quoted(quoted(person)).replace(0, 0, "[") + "," + quoted(person) + "]",
            quoted(base64(person + " ")),
            quoted(base64("to: " + mail)),
            "[" + quoted(secret) + ",\"@\",\"x.org\"]",
            quoted(secret + "&#64;x.org"),
            quoted(secret + "\\u0040x.org"),
        };
        return ways[m_random() % std::size(ways)];
    }

    std::string repeated(const std::string& secret) {
        std::string upper = secret;
        for (char& ch : upper)
            ch = static_cast<char>(std::toupper(static_cast<unsigned char>(ch)));
        const std::string ways[] = {secret,
                                    "tenant7:" + secret,
                                    secret + "/9",
                                    upper,
                                    percent("t:" + secret),
                                    base64("tenant:" + secret),
                                    "{\"id\":" + quoted(secret) + "}",
                                    secret.substr(0, 4) + "-" + secret.substr(4)};
        return ways[m_random() % std::size(ways)];
    }

    std::mt19937 m_random;
};

/// What is shown, with nothing but letters and digits, in lower case; and what it is base64 of.
bool tells(const std::string& shown, const std::string& secret) {
    std::string squashed;
    for (const char ch : shown)
        if (std::isalnum(static_cast<unsigned char>(ch)) != 0)
            squashed += static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
    return squashed.find(secret) != std::string::npos ||
           QByteArray::fromBase64(QByteArray::fromStdString(shown))
               .contains(QByteArray::fromStdString(secret));
}

} // namespace

class TestMaskedEverywhere : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_masked_is_found_nowhere() {
        constexpr int events = 600;
        const auto policy = DisclosurePolicy::built_in_detectors();
        Hider hider(4711);
        LiveWorld world;
        std::vector<LiveWorldEvent> all;
        std::vector<std::string> secrets;
        for (int i = 0; i < events; ++i) {
            secrets.push_back(hider.secret());
            all.push_back(hider.event(secrets.back(), i));
        }
        world.put(0, all);
        const auto segment = world.snapshots().front()->segments.front();
        RowMatcher matcher(world.vocabulary(), policy, nullptr);
        RowReader reader(world.vocabulary(), policy, RowReader::Style::Whole);
        reader.set_columns({{ColumnSpec::Kind::Key, {}},
                            {ColumnSpec::Kind::Summary, {}},
                            {ColumnSpec::Kind::Header, "ref"},
                            {ColumnSpec::Kind::Header, "x-user-email"},
                            {ColumnSpec::Kind::Path, "properties.hidden"},
                            {ColumnSpec::Kind::Path, "properties.hidden.email"}});
        for (std::uint32_t row = 0; row < segment->size(); ++row) {
            const std::string& secret = secrets[row];
            for (const std::string& expression :
                 {secret, "value contains \"" + secret + "\"", "key contains \"" + secret + "\"",
                  "header[\"ref\"] contains \"" + secret + "\"",
                  "properties.hidden contains \"" + secret + "\"",
                  "properties.hidden.email == \"" + secret + "\"",
                  "$.properties.hidden[*] == \"" + secret + "\""}) {
                matcher.set_filter(Filter::parse(expression, Micros(0)).value());
                QVERIFY2(!matcher.matches(*segment, row),
                         (expression + " in " + all[row].value).c_str());
            }
            for (const std::string& cell : reader.read(*segment, row).cells)
                QVERIFY2(!tells(cell, secret), (cell + " of " + all[row].value).c_str());
            matcher.set_filter(Filter::parse("\"SKU-1\"", Micros(0)).value());
            QVERIFY2(matcher.matches(*segment, row), all[row].value.c_str());
        }
        nothing_is_exported(world, secrets);
    }

  private:
    static void nothing_is_exported(const LiveWorld& world,
                                    const std::vector<std::string>& secrets) {
        const QTemporaryDir folder;
        auto feed =
            LiveFeed::start({.vocabulary = world.vocabulary(),
                             .rules = {.disclosure = DisclosurePolicy::built_in_detectors(),
                                       .decoders = [] { return std::unique_ptr<Decoder>(); }}});
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), std::uint64_t{secrets.size()});
        for (const ExportFormat format : {ExportFormat::Csv, ExportFormat::Ndjson}) {
            ExportRequest request;
            request.path = folder.filePath(QStringLiteral("all")).toStdString();
            request.format = format;
            request.snapshot = feed->snapshot();
            request.vocabulary = world.vocabulary();
            request.disclosure = DisclosurePolicy::built_in_detectors();
            request.columns = {{ColumnSpec::Kind::Key, {}}, {ColumnSpec::Kind::Summary, {}}};
            auto job = ExportJob::start(request);
            QTRY_VERIFY(job->progress().finished);
            QVERIFY(job->result().ok());
            QFile file(QString::fromStdString(request.path));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray content = file.readAll();
            QVERIFY(content.size() > 1000);
            for (const std::string& secret : secrets)
                QVERIFY2(!content.contains(QByteArray::fromStdString(secret)), secret.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestMaskedEverywhere)
#include "tst_masked_everywhere.moc"
