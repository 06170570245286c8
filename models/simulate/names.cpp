#include <array>
#include <span>

#include <fmt/format.h>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

struct Language {
    double share;
    std::span<const std::string_view> subjects;
    std::span<const std::string_view> titles; ///< with {} for the subject
};

constexpr std::string_view kEnglish[] = {
    "night trains", "heat pumps",     "open data",        "bicycle lanes",  "community radio", "library robots", "tidal power",
    "seed banks",   "paper maps",     "sourdough",        "school gardens", "used phones",     "bridge sensors", "bus timetables",
    "urban bees",   "public benches", "old synthesisers", "river ferries",  "fungal leather",  "quiet computers"};
constexpr std::string_view kEnglishTitles[] = {"A year of {}: what we learned",
                                               "Why {} are harder than they look",
                                               "The quiet return of {}",
                                               "We measured {} for six months",
                                               "Ask: what is your experience with {}?",
                                               "Show: a small tool for {}",
                                               "What nobody tells you about {}",
                                               "{}, explained in pictures",
                                               "The case against {}",
                                               "How a small town pays for {}",
                                               "Field notes on {}",
                                               "A history of {} in 40 photographs"};
constexpr std::string_view kGerman[] = {"Nachtzüge",   "Wärmepumpen", "Radwege",           "Bürgerradios",
                                        "Schulgärten", "Hörbücher",   "Gezeitenkraftwerke"};
constexpr std::string_view kGermanTitles[] = {"{}: ein Jahr später", "Was {} wirklich kosten", "Warum {} so schwierig sind",
                                              "{} selbst gebaut"};
constexpr std::string_view kSpanish[] = {"los trenes nocturnos", "las bibliotecas", "los huertos urbanos", "los datos abiertos",
                                         "las energías del mar"};
constexpr std::string_view kSpanishTitles[] = {"Un año con {}", "¿Qué pasa con {}?", "Todo sobre {}, sin rodeos",
                                               "El regreso de {}"};
constexpr std::string_view kFrench[] = {"les trains de nuit", "les pompes à chaleur", "les jardins partagés",
                                        "les cartes anciennes", "les abeilles en ville"};
constexpr std::string_view kFrenchTitles[] = {"Ce que coûtent vraiment {}", "Un an avec {} : le bilan", "Pourquoi {} ?",
                                              "Ils ont tout misé sur {}"};
constexpr std::string_view kPortuguese[] = {"os comboios noturnos", "as hortas urbanas", "as rádios comunitárias",
                                            "os mapas antigos"};
constexpr std::string_view kPortugueseTitles[] = {"Um ano com {}", "O que aprendemos com {}", "Porque é que {} importam"};
constexpr std::string_view kJapanese[] = {"夜行列車", "地域ラジオ", "学校の畑", "古い地図", "潮力発電", "図書館ロボット"};
constexpr std::string_view kJapaneseTitles[] = {"{}の一年", "{}はなぜ難しいのか", "写真で見る{}", "{}を自分で作る"};
constexpr std::string_view kChinese[] = {"夜间列车", "社区电台", "学校菜园", "旧地图", "潮汐发电"};
constexpr std::string_view kChineseTitles[] = {"{}的一年", "为什么{}这么难", "图解{}"};
constexpr std::string_view kArabic[] = {"قطارات الليل", "حدائق المدارس", "الخرائط القديمة", "إذاعات الأحياء"};
constexpr std::string_view kArabicTitles[] = {"عام مع {}", "لماذا تعود {}؟", "كل شيء عن {}"};
constexpr std::string_view kHindi[] = {"रात की रेलगाड़ियाँ", "स्कूल के बगीचे", "पुराने नक्शे"};
constexpr std::string_view kHindiTitles[] = {"{}: एक साल बाद", "{} पर पूरी जानकारी"};

constexpr std::array<Language, 9> kLanguages{{{0.58, kEnglish, kEnglishTitles},
                                              {0.09, kGerman, kGermanTitles},
                                              {0.08, kSpanish, kSpanishTitles},
                                              {0.07, kFrench, kFrenchTitles},
                                              {0.04, kPortuguese, kPortugueseTitles},
                                              {0.05, kJapanese, kJapaneseTitles},
                                              {0.04, kChinese, kChineseTitles},
                                              {0.03, kArabic, kArabicTitles},
                                              {0.02, kHindi, kHindiTitles}}};

constexpr std::string_view kManners[] = {"quiet", "amber", "brisk", "cobalt", "dusty", "eager",  "frank",  "gentle",
                                         "hazel", "ivory", "jolly", "keen",   "lunar", "mellow", "nimble", "olive",
                                         "plain", "rapid", "sandy", "tidal",  "urban", "vivid",  "witty",  "young"};
constexpr std::string_view kAnimals[] = {"heron", "badger",  "crane",   "dormouse", "egret",  "falcon", "gecko", "hare",
                                         "ibis",  "jackdaw", "kestrel", "lynx",     "marten", "newt",   "otter", "plover",
                                         "quail", "raven",   "stoat",   "tern",     "vole",   "wren",   "yak",   "zebu"};

std::string_view pick(Random& random, std::span<const std::string_view> words)
{
    return words[random.below(words.size())];
}

const Language& languageOf(double u) noexcept
{
    for (const Language& language : kLanguages) {
        if (u < language.share)
            return language;
        u -= language.share;
    }
    return kLanguages.front();
}

} // namespace

std::string titleOf(const SiteOptions& options, std::uint32_t post)
{
    Random random{options.seed, Purpose::Name, (1ULL << 40U) + post};
    const Language& language = languageOf(random.uniform());
    const std::string_view pattern = pick(random, language.titles);
    std::string title = fmt::format(fmt::runtime(pattern), pick(random, language.subjects));
    if (title.front() >= 'a' && title.front() <= 'z')
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

std::string labelOf(const SiteOptions& options, std::uint32_t token)
{
    Random random{options.seed, Purpose::Name, (1ULL << 41U) + token};
    const std::string_view manner = pick(random, kManners);
    const std::string_view animal = pick(random, kAnimals);
    return fmt::format("{}-{}-{}", manner, animal, 10 + random.below(990));
}

} // namespace scr::simulate
