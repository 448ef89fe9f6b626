// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/connection_dialog.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "connectors/base/qt_text.h"
#include "models/workspace/topic_choice.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"
#include "widgets/connect/connection_form.h"

namespace weir {
ConnectionDialog::ConnectionDialog(ProbeFunction probe, SecretStore store, QWidget* parent)
    : QDialog(parent)
    , m_probe(new ConnectionProbe(std::move(probe), this))
    , m_form(new ConnectionForm(std::move(store)))
    , m_state(new StatePage)
    , m_topics(new QLineEdit)
    , m_trouble(new TextLabel)
    , m_test(quiet_button(tr("Test the connection")))
    , m_save(quiet_button(tr("Save to a workspace…")))
    , m_connect(primary_button(tr("Connect"))) {
    setWindowTitle(tr("Connection"));
    resize(1000, 640);
    m_found_page = make_found_page();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    auto* sides = new QHBoxLayout;
    sides->setSpacing(12);
    auto* left = new Card;
    auto* left_column = new QVBoxLayout(left);
    left_column->setContentsMargins(1, 1, 1, 1);
    auto* scroll = m_scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget; // the form keeps its height, what is left stays below it
    auto* content_column = new QVBoxLayout(content);
    content_column->setContentsMargins(0, 0, 0, 0);
    content_column->addWidget(m_form);
    content_column->addStretch(1);
    scroll->setWidget(content);
    content->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    m_form->setAutoFillBackground(false);
    left_column->addWidget(scroll);
    sides->addWidget(left, 1);
    QWidget* right = make_right_side();
    right->setFixedWidth(400);
    sides->addWidget(right);
    column->addLayout(sides, 1);
    m_trouble->setWordWrap(true);
    m_trouble->setTone(Token::Red);
    m_trouble->hide();
    column->addWidget(m_trouble);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    QPushButton* close = quiet_button(tr("Close"));
    buttons->addWidget(m_test);
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_save);
    buttons->addWidget(m_connect);
    column->addLayout(buttons);
    m_connect->setDefault(true); // Enter in a field connects; on another button it presses that
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect_parts();
    show_idle();
    m_form->firstFocus()->setFocus();
}

void ConnectionDialog::connect_parts() {
    connect(m_test, &QPushButton::clicked, this, &ConnectionDialog::test);
    connect(m_save, &QPushButton::clicked, this, [this] { choose(true); });
    connect(m_connect, &QPushButton::clicked, this, [this] { choose(false); });
    connect(m_form, &ConnectionForm::changed, this, [this] {
        m_trouble->hide();
        m_probe->cancel();
        show_idle();
    });
    connect(m_form, &ConnectionForm::environmentChanged, this, [this] {
        m_trouble->hide();
        m_warned = false;
        show_marker();
    });
    connect(m_probe, &ConnectionProbe::found, this, &ConnectionDialog::show_found);
    connect(m_probe, &ConnectionProbe::doing, this, [this](const QString& what) {
        m_state->showConnecting(tr("Testing"), what, {{tr("Stop"), [this] {
                                                           m_probe->cancel();
                                                           show_idle();
                                                       }}});
    });
    connect(m_probe, &ConnectionProbe::failed, this, [this](const Error& error) {
        m_state->showFailed(error, {{tr("Test again"), [this] { test(); }}});
    });
    connect(this, &QDialog::finished, m_probe, &ConnectionProbe::cancel);
}

QWidget* ConnectionDialog::make_right_side() {
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* card = new Card;
    auto* in_card = new QVBoxLayout(card);
    in_card->setContentsMargins(1, 1, 1, 1);
    m_right = new QStackedWidget;
    m_right->addWidget(m_state);
    m_right->addWidget(m_found_page);
    in_card->addWidget(m_right);
    column->addWidget(card, 1);
    auto* watch = new Card;
    auto* watch_column = new QVBoxLayout(watch);
    watch_column->setContentsMargins(16, 12, 16, 12);
    watch_column->setSpacing(6);
    watch_column->addWidget(new TextLabel(tr("Topics to watch"), TextRole::Strong));
    m_topics->setPlaceholderText(tr("Empty: all but internal ones"));
    m_topics->setAccessibleName(tr("Topics to watch"));
    watch_column->addWidget(m_topics);
    auto* hint = new TextLabel(tr("Names with commas between them; events-.* and ^… are patterns."),
                               TextRole::Muted);
    hint->setWordWrap(true);
    watch_column->addWidget(hint);
    column->addWidget(watch);
    return right;
}

QWidget* ConnectionDialog::make_found_page() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(4);
    auto* title = new QHBoxLayout;
    m_verdict = new Pill;
    title->addWidget(m_verdict);
    title->addStretch();
    column->addLayout(title);
    m_cluster = new TextLabel({}, TextRole::Mono);
    m_brokers = new TextLabel({}, TextRole::Mono);
    m_notes = new TextLabel;
    m_notes->setTone(Token::Amber);
    m_notes->setWordWrap(true);
    m_topics_title = new TextLabel({}, TextRole::Strong);
    m_topics_title->setWordWrap(true);
    for (TextLabel* label : {m_cluster, m_brokers, m_notes})
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addSpacing(4);
    column->addWidget(new TextLabel(tr("Cluster id"), TextRole::Muted));
    column->addWidget(m_cluster);
    column->addSpacing(4);
    column->addWidget(new TextLabel(tr("Brokers"), TextRole::Muted));
    column->addWidget(m_brokers);
    column->addWidget(m_notes);
    column->addWidget(make_marker_box());
    column->addSpacing(8);
    column->addWidget(m_topics_title);
    m_topic_list = new QListWidget;
    m_topic_list->setProperty("weir", QStringLiteral("list"));
    m_topic_list->setUniformItemSizes(true);
    m_topic_list->setAccessibleName(tr("Topics that were found"));
    column->addWidget(m_topic_list, 1);
    connect(m_topic_list, &QListWidget::itemChanged, this, &ConnectionDialog::topics_to_field);
    return page;
}

QWidget* ConnectionDialog::make_marker_box() {
    m_marker_box = new QWidget;
    auto* column = new QVBoxLayout(m_marker_box);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(6);
    m_marker = new TextLabel;
    m_marker->setWordWrap(true);
    m_make_sandbox = quiet_button(tr("It is a sandbox"));
    connect(m_make_sandbox, &QPushButton::clicked, this,
            [this] { m_form->setEnvironment(kafka::Environment::Sandbox); });
    column->addWidget(m_marker);
    column->addWidget(m_make_sandbox, 0, Qt::AlignLeft);
    return m_marker_box;
}

/// The marker says what the cluster is made for; what it is taken for is the user's word.
void ConnectionDialog::show_marker() {
    const std::optional<kafka::Environment> said = m_form->environment();
    const bool agreed = said == kafka::Environment::Sandbox;
    if (agreed)
        m_marker->setText(tr("✓ It carries the marker of a Weir sandbox: Weir may write there."));
    else if (said)
        m_marker->setText(
            tr("▲ It carries the marker of a Weir sandbox. Connected to as %1, it would never be "
               "written to again.")
                .arg(*said == kafka::Environment::Staging ? tr("staging") : tr("production")));
    else
        m_marker->setText(tr("▲ It carries the marker of a Weir sandbox. While nothing is said, it "
                             "is read only, and what is personal is masked."));
    m_marker->setTone(agreed ? Token::Green : Token::Amber);
    m_make_sandbox->setVisible(!agreed);
    m_marker_box->setVisible(m_marked_sandbox);
}

bool ConnectionDialog::would_close_a_sandbox() const {
    const std::optional<kafka::Environment> said = m_form->environment();
    return m_marked_sandbox && said && *said != kafka::Environment::Sandbox;
}

void ConnectionDialog::tell(const QString& trouble) {
    m_trouble->setText(QStringLiteral("▲ ") % trouble);
    m_trouble->show();
    // The field that it is about has the keyboard; it may lie out of sight.
    constexpr int around = 32;
    layout()->activate(); // the trouble has taken room for itself
    if (QWidget* const field = focusWidget(); field != nullptr && m_form->isAncestorOf(field))
        m_scroll->ensureWidgetVisible(field, around, around);
}

QString ConnectionDialog::troubleText() const {
    return m_trouble->isVisible() ? m_trouble->text() : QString();
}

void ConnectionDialog::setConnection(const kafka::ConnectionOptions& options,
                                     const std::vector<std::string>& topics,
                                     const std::vector<std::string>& patterns) {
    m_form->setOptions(options);
    QStringList names;
    for (const std::string& name : topics)
        names.append(qt(name));
    for (const std::string& pattern : patterns)
        names.append(qt(typed_topic_pattern(pattern)));
    m_topics->setText(names.join(QStringLiteral(", ")));
}

QString ConnectionDialog::foundText() const {
    if (m_right->currentWidget() != m_found_page)
        return {};
    QStringList lines{m_verdict->text(), m_cluster->text(), m_brokers->text(),
                      m_topics_title->text()};
    for (int i = 0; i < m_topic_list->count(); ++i)
        lines.append(m_topic_list->item(i)->text());
    for (const TextLabel* label : {m_notes, m_marker}) {
        if (label->isVisibleTo(m_found_page) && !label->text().isEmpty())
            lines.append(label->text());
    }
    return lines.join(QLatin1Char('\n'));
}

void ConnectionDialog::show_idle() {
    m_marked_sandbox = m_warned = false;
    m_state->showEmpty(tr("Not tested yet"),
                       tr("A test asks for the cluster's id, its brokers and its topics. It leaves "
                          "no trace there."));
    m_right->setCurrentWidget(m_state);
}

void ConnectionDialog::test() {
    const Result<kafka::ConnectionOptions> options = m_form->options();
    if (!options) {
        tell(qt(options.error().text()));
        return;
    }
    m_right->setCurrentWidget(m_state);
    m_state->showConnecting(tr("Testing"), qt(options->bootstrap), {{tr("Stop"), [this] {
                                                                         m_probe->cancel();
                                                                         show_idle();
                                                                     }}});
    m_probe->start(*options);
}

void ConnectionDialog::show_found(const ProbeReport& report) {
    m_cluster->setText(report.cluster_id.empty() ? tr("not told") : qt(report.cluster_id));
    if (report.silent_brokers == 0)
        m_verdict->setText(tr("✓ It answers"), Pill::Tone::Green);
    else
        m_verdict->setText(tr("▲ %1 of %2 brokers cannot be reached")
                               .arg(report.silent_brokers)
                               .arg(report.brokers.size()),
                           Pill::Tone::Amber);
    QStringList brokers;
    for (const std::string& broker : report.brokers)
        brokers.append(qt(broker));
    m_brokers->setText(brokers.join(QLatin1Char('\n')));
    QStringList notes;
    for (const std::string& note : report.notes)
        notes.append(QStringLiteral("▲ ") % qt(note));
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
    m_marked_sandbox = report.marked_sandbox;
    show_marker();
    m_topic_list->blockSignals(true);
    m_topic_list->clear();
    QStringList wanted = m_topics->text().split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (QString& name : wanted)
        name = name.trimmed();
    int shown = 0;
    for (const ProbeReport::Topic& topic : report.topics) {
        if (topic.internal)
            continue;
        ++shown;
        const QString partitions =
            topic.partitions == 1 ? tr("1 partition") : tr("%1 partitions").arg(topic.partitions);
        auto* item =
            new QListWidgetItem(qt(topic.name) % QStringLiteral("   ") % partitions, m_topic_list);
        item->setData(Qt::UserRole, qt(topic.name));
        item->setToolTip(plain_tooltip(item->text()));
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(wanted.contains(qt(topic.name)) ? Qt::Checked : Qt::Unchecked);
    }
    m_topic_list->blockSignals(false);
    const int internal = static_cast<int>(report.topics.size()) - shown;
    QString title =
        shown == 0 ? tr("No topics") : tr("Topics: %1").arg(count_text(std::int64_t{shown}));
    if (report.topics.empty()) // a login that may describe none is answered likewise
        title = tr("No topics to be seen: there are none, or this login may describe none");
    if (internal > 0)
        title += tr(", and %1 internal").arg(internal);
    m_topics_title->setText(title);
    m_right->setCurrentWidget(m_found_page);
}

void ConnectionDialog::topics_to_field() {
    QStringList names;
    // What was typed and is not in the list (a pattern, a topic yet to be made) stays.
    for (const QString& part : m_topics->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        bool listed = false;
        for (int i = 0; i < m_topic_list->count(); ++i)
            listed = listed || m_topic_list->item(i)->data(Qt::UserRole) == part.trimmed();
        if (!listed)
            names.append(part.trimmed());
    }
    for (int i = 0; i < m_topic_list->count(); ++i) {
        if (m_topic_list->item(i)->checkState() == Qt::Checked)
            names.append(m_topic_list->item(i)->data(Qt::UserRole).toString());
    }
    m_topics->setText(names.join(QStringLiteral(", ")));
}

void ConnectionDialog::choose(bool save) {
    Result<kafka::ConnectionOptions> options = m_form->options(save ? FormUse::File : FormUse::Now);
    if (!options) {
        tell(qt(options.error().text()));
        return;
    }
    if (would_close_a_sandbox() && !std::exchange(m_warned, true)) {
        tell(tr("This cluster is marked as a sandbox. Once connected to as anything else, Weir "
                "never writes to it again. Choose Sandbox, or press once more to go on."));
        return;
    }
    Choice choice;
    choice.connection = std::move(*options);
    choice.save = save;
    TopicChoice wanted;
    for (const QString& part : m_topics->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        wanted.add(part.trimmed().toStdString());
    if (wanted.empty())
        wanted.patterns.emplace_back("[^_].*");
    choice.topics = std::move(wanted.topics);
    choice.topic_patterns = std::move(wanted.patterns);
    Q_EMIT chosen(choice);
}

} // namespace weir
