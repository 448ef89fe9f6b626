// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scenario is generated with its truth, a warehouse is filled as the truth has it by a program
// that is not ours, spoilt in known ways, and held against the truth.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/verify.h"
#include "tests/support/warehouse_reading.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

namespace {

/// What a pipeline would have loaded. The sandbox's tables, as far as they are looked at.
constexpr const char* load_truth = R"(
import json
db.execute('CREATE TABLE analytics_events (event_id text, event_type text)')
db.execute('CREATE TABLE orders (order_id text, user_id text, amount decimal_text, currency text)')
db.execute('CREATE TABLE users (user_id text PRIMARY KEY)')
db.execute('CREATE TABLE attribution (user_id text PRIMARY KEY, event_id text, source text,'
           'medium text, campaign text, referrer text, landing_page text)')
db.execute('BEGIN')
for line in open(TRUTH):
    o = json.loads(line)
    if 'event' in o and o['fate'] == 'warehouse':
        db.execute('INSERT INTO analytics_events VALUES (?, ?)', (o['event'].upper(), o['type']))
    elif 'order' in o:
        db.execute('INSERT INTO orders VALUES (?, ?, ?, ?)',
                   (o['order'], o['user_id'], o['total'], o['currency']))
    elif 'user' in o:
        db.execute('INSERT INTO users VALUES (?)', (o['user'],))
    elif 'attribution' in o:
        c = o['campaign'] or {}
        db.execute('INSERT INTO attribution VALUES (?, ?, ?, ?, ?, ?, ?)',
                   (o['attribution'], o['at_event'], c.get('source'), c.get('medium'),
                    c.get('campaign'), o['referrer'], o['landing_page']))
db.execute('COMMIT')
)";

/// One of each difference, but two events that should not be there.
constexpr const char* one_of_each = R"(
events = 'analytics_events'
fates = {}
for line in open(TRUTH):
    o = json.loads(line)
    if 'event' in o: fates.setdefault(o['fate'], o)
def ends(which):
    return db.execute(f'SELECT {which}(event_id), event_type FROM {events}').fetchone()
db.execute(f'DELETE FROM {events} WHERE event_id = ?', ends('min')[:1])
db.execute(f'INSERT INTO {events} VALUES (?, ?)', ends('min'))
db.execute(f'UPDATE {events} SET event_type = ? WHERE event_id = ?', ('else', ends('max')[0]))
for fate in ('invalid', 'never_sent'):
    db.execute(f'INSERT INTO {events} VALUES (?, ?)', (fates[fate]['event'], 'x'))
db.execute(f'INSERT INTO {events} VALUES (NULL, ?)', ('stranger',))
db.execute('DELETE FROM orders WHERE order_id = (SELECT min(order_id) FROM orders)')
db.execute('UPDATE orders SET amount = ? WHERE order_id = (SELECT max(order_id) FROM orders)',
           ('0.10',))
db.execute('INSERT INTO orders VALUES (?, ?, ?, ?)', ('17', 'u-1', '1.00', 'EUR'))
db.execute('DELETE FROM users WHERE user_id = (SELECT min(user_id) FROM users)')
db.execute('INSERT INTO users VALUES (?)', ('u-stranger',))
db.execute('DELETE FROM attribution WHERE user_id = (SELECT min(user_id) FROM attribution)')
db.execute('UPDATE attribution SET medium = ? WHERE user_id = '
           '(SELECT max(user_id) FROM attribution)', ('word of mouth',))
db.execute('INSERT INTO attribution VALUES (?, ?, ?, ?, ?, ?, ?)', ('u-stranger',) + (None,) * 6)
)";

} // namespace

class TestTruthCommand : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        m_truth = m_folder.filePath(QStringLiteral("t.truth")).toStdString();
        m_events = m_folder.filePath(QStringLiteral("e.ndjson")).toStdString();
        const Answer made =
            weir_in_process({"generate", "--scenario", "bad-day", "--seed", "7", "--for", "150s",
                             "--truth", m_truth, "-o", m_events, "--json"});
        QVERIFY2(made.code == 0, made.err.constData());
        QVERIFY2(made.err.contains("not carried out here: silent_drop of enrich"),
                 made.err.constData());
        QVERIFY(made.json()[QStringLiteral("end")].toString() == QStringLiteral("whole"));
        m_made = made.json();
    }
    void init() {
        const QString name = QStringLiteral("w%1.db").arg(++m_number);
        m_database = m_folder.filePath(name).toStdString();
        VERIFY_OK(python_on(m_database, "TRUTH = '" + m_truth + "'" + load_truth));
    }

    void a_warehouse_that_holds_what_it_should_has_no_difference() {
        const Answer said = check({"--json"});
        QVERIFY2(said.code == 0, said.err.constData());
        QVERIFY(said.json()[QStringLiteral("equal")].toBool());
        QCOMPARE(said.json()[QStringLiteral("events")][QStringLiteral("expected")].toInteger(),
                 m_made[QStringLiteral("warehouse")].toInteger());
        QVERIFY(m_made[QStringLiteral("warehouse")].toInteger() > 50'000);
        QVERIFY(m_made[QStringLiteral("orders")].toInteger() > 500);
        QVERIFY(check({}).out.endsWith("no difference\n"));
    }

    void each_difference_is_counted_and_named() {
        spoil(one_of_each);
        const Answer said = check({"--json"});
        QCOMPARE(said.code, 1);
        const QJsonObject counts = said.json()[QStringLiteral("differences")].toObject();
        const std::map<QString, int> expected = {{QStringLiteral("missing"), 1},
                                                 {QStringLiteral("doubled"), 1},
                                                 {QStringLiteral("unexpected"), 2},
                                                 {QStringLiteral("different"), 1},
                                                 {QStringLiteral("unknown"), 1},
                                                 {QStringLiteral("order_missing"), 1},
                                                 {QStringLiteral("order_unexpected"), 1},
                                                 {QStringLiteral("order_different"), 1},
                                                 {QStringLiteral("user_missing"), 1},
                                                 {QStringLiteral("user_unexpected"), 1},
                                                 {QStringLiteral("attribution_missing"), 1},
                                                 {QStringLiteral("attribution_unexpected"), 1},
                                                 {QStringLiteral("attribution_different"), 1}};
        for (const auto& [kind, n] : expected)
            QVERIFY2(counts[kind].toInt() == n, qPrintable(kind));
        QCOMPARE(said.json()[QStringLiteral("named")].toArray().size(), 14);
        const Answer text = check({});
        QVERIFY2(text.out.contains("unknown\t-\tfound stranger\n"), text.out.constData());
        QVERIFY(text.out.contains(", never sent\tfound 1 row\n"));
        QCOMPARE(check({"--only", "users", "--show", "0"}).out.count('\n'), 1);
    }

    void what_is_on_its_way_is_waited_for() {
        spoil("db.execute('ALTER TABLE users RENAME TO late')");
        QCOMPARE(check({"--only", "users"}).code, 1);
        const auto slow = python_beside(
            m_database, "time.sleep(1)\ndb.execute('ALTER TABLE late RENAME TO users')",
            m_folder.filePath(QStringLiteral("slow.out")).toStdString());
        VERIFY_OK(slow);
        const Answer said = check({"--only", "users", "--wait", "60s"});
        QVERIFY2(said.code == 0, said.out.constData());
    }

    void what_is_named_has_a_bound_and_what_is_counted_has_none() {
        spoil("db.execute('DELETE FROM analytics_events WHERE event_type = ?', ('page_view',))");
        const Answer said = check({"--json", "--show", "3"});
        QCOMPARE(said.code, 1);
        QCOMPARE(said.json()[QStringLiteral("named")].toArray().size(), 3);
        QVERIFY(said.json()[QStringLiteral("differences")][QStringLiteral("missing")].toInt() >
                10'000);
    }

    void a_table_that_is_not_there_is_said() {
        spoil("db.execute('DROP TABLE orders')");
        const Answer said = check({});
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.contains("there is no table public.orders"), said.err.constData());
    }

    void a_truth_that_breaks_off_is_no_truth() {
        QFile whole(QString::fromStdString(m_truth));
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray text = whole.readAll();
        const auto said = [&](const QByteArray& bytes) {
            const QString name = m_folder.filePath(QStringLiteral("cut.truth"));
            QFile cut(name);
            if (!cut.open(QIODevice::WriteOnly) || cut.write(bytes) != bytes.size())
                return Answer();
            cut.close();
            return weir_in_process(
                {"truth", name.toStdString(), "--warehouse", "sqlite:" + m_database});
        };
        const Answer cut = said(text.left(text.lastIndexOf("{\"end\"")));
        QCOMPARE(cut.code, 2);
        QVERIFY2(cut.err.contains("breaks off"), cut.err.constData());
        const qsizetype line = text.indexOf("{\"event\"");
        const Answer short_of_one = said(text.left(line) + text.mid(text.indexOf('\n', line) + 1));
        QVERIFY2(short_of_one.err.contains("end does not fit"), short_of_one.err.constData());
        const Answer other = said("{\"a\":1}\n");
        QVERIFY2(other.err.contains("cut.truth:1: this line is not one of a truth"),
                 other.err.constData());
        const Answer newer = said("{\"weir_truth\":2}\n");
        QVERIFY2(newer.err.contains("a newer Weir wrote this truth"), newer.err.constData());
    }

    void the_same_seed_gives_the_same_files() {
        const std::string again = m_folder.filePath(QStringLiteral("again")).toStdString();
        QCOMPARE(weir_in_process({"generate", "--scenario", "bad-day", "--seed", "7", "--for",
                                  "150s", "--truth", again + ".truth", "-o", again + ".ndjson"})
                     .code,
                 0);
        for (const auto& [one, other] :
             {std::pair(m_truth, again + ".truth"), std::pair(m_events, again + ".ndjson")}) {
            QFile a(QString::fromStdString(one));
            QFile b(QString::fromStdString(other));
            QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
            QVERIFY(a.readAll() == b.readAll());
        }
    }

    void options_that_make_no_sense_are_refused() {
        QCOMPARE(weir_in_process({"generate", "--truth", "t"}).code, 2);
        QCOMPARE(weir_in_process({"generate", "--scenario", "steady", "--count", "5"}).code, 2);
        QCOMPARE(weir_in_process({"truth", m_truth}).code, 2);
        QCOMPARE(check({"--only", "everything"}).code, 2);
        const Answer none = weir_in_process({"generate", "--scenario", "stedy"});
        QCOMPARE(none.code, 2);
        QVERIFY2(none.err.contains("steady"), none.err.constData());
    }

  private:
    Answer check(std::vector<std::string> more) const {
        more.insert(more.begin(), {"truth", m_truth, "--warehouse", "sqlite:" + m_database});
        return weir_in_process(more);
    }
    void spoil(const std::string& script) const {
        VERIFY_OK(python_on(m_database, "import json\nTRUTH = '" + m_truth + "'\n" + script));
    }

    QTemporaryDir m_folder;
    std::string m_truth, m_events, m_database;
    QJsonObject m_made;
    int m_number = 0;
};

QTEST_GUILESS_MAIN(TestTruthCommand)
#include "tst_truth_command.moc"
