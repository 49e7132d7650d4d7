"""The words a prompt can use, English and Russian. Data only: `stem*` matches how a word begins, others whole words.

The first value of a kind that matches earliest in its list wins where only one can be had (place, hour, style).
"""

Table = dict[str, str]

PLACES: Table = {
    "space": (
        "space galax* planet* nebula* cosmos cosmic* universe saturn mars jupiter astronaut* spaceship* "
        "космос* косми* галакт* планет* туманност* вселенн* сатурн* марс марса юпитер* астронавт* космонавт*"
    ),
    "abstract": "abstract* geometr* bauhaus pattern* abstraction абстракт* абстракц* геометр* баухаус* узор*",
    "city": (
        "city cities town towns street* skyline* skyscraper* urban metropolis* downtown building* rooftop* "
        "tokyo london moscow paris manhattan город города городе городск* городом улиц* небоскреб* мегаполис* "
        "здани* москв* токио лондон* париж* площад* крыш*"
    ),
    "lake": (
        "lake* river* pond* waterfall* reflection* fjord* озер* река реки реке реку речн* пруд* водопад* "
        "отражен* фьорд*"
    ),
    "sea": (
        "sea seas seaside ocean* beach* coast* shore* wave* bay island* surf sail sails sailing sailboat* "
        "boat* ship ships yacht* harbo* lighthouse* whale* море моря морю морем морск* океан* пляж* берег "
        "берегу берега береге побереж* волн* залив* остров* парус* лодк* кораб* яхт* маяк* кит киты кита "
        "рыбак*"
    ),
    "desert": (
        "desert* dune* sahara sand sands sandy oasis пустын* дюн* бархан* песок песк* песчан* сахара сахаре оазис*"
    ),
    "forest": (
        "forest* wood woods woodland* pine pines spruce* fir firs trees jungle* taiga grove* лес леса лесу "
        "лесом лесн* сосн* ель ели елей елк* елов* тайг* рощ* деревья деревьев джунгл* бор бору чащ*"
    ),
    "mountains": (
        "mountain* ridge* peak peaks alps alpine himalaya* summit* cliff* canyon* volcan* гора горы гор горе "
        "гору горам горах горами горн* хребет хребт* хребет* вершин* скал* альп* вулкан* каньон*"
    ),
    "meadow": (
        "meadow* field fields grass* prairie* lavender poppy poppies valley* hill hills countryside farm* "
        "village* луг луга лугу лугов* поле поля полей полев* трав* степь степи степн* лаванд* мак маки "
        "маков* долин* холм* деревн* ферм*"
    ),
    "flower": (
        "flower flowers rose roses tulip* blossom* bouquet* petal* lily lilies orchid* daisy daisies peony "
        "peonies sunflower* bloom* dahlia* цветок цветк* цветы цветов цветущ* роза розы розу роз тюльпан* "
        "лили* орхиде* ромашк* пион* подсолн* букет* лепест* бутон* георгин*"
    ),
    "portrait": "portrait* face faces selfie headshot портрет* лицо лица лицом",
}

PEOPLE: Table = {
    "bearded": (
        "beard* fisherman* fishermen sailor* captain* old grandfather* wizard* бород* рыбак* моряк* капитан* "
        "старик* старец дед дедушк* волшебник*"
    ),
    "bun": "ballerina* dancer* queen princess* elegant балерин* танцовщ* королев* принцесс*",
    "woman": "woman women girl* lady female mother she her женщин* девушк* девоч* дам* мать мама",
    "man": (
        "man men boy* male father he his person people human someone child* мужчин* парень парн* мальчик* "
        "человек* люди людей отец ребенок дети путник* турист* странник* traveler* traveller* hiker* "
        "wanderer*"
    ),
}

SUBJECTS: Table = {
    "deer": "deer stag elk moose reindeer олень олен* лось лоси лося",
    "cat": "cat cats kitten* kitty кот кота коты кошк* котен* котик*",
    "wolf": "wolf wolves dog dogs fox foxes puppy husky волк* волч* собак* пес псы щен* лис лиса лису лисы лисиц*",
    "horse": "horse* stallion* mustang* unicorn* лошад* конь коня кони коней единорог*",
    "bear": "bear bears медвед* мишк*",
    "whale": "whale* кит киты кита китов",
    "sail": "sail sails sailing sailboat* boat* ship ships yacht* regatta парус* лодк* кораб* яхт*",
    "lighthouse": "lighthouse* beacon маяк*",
    "cabin": (
        "house* cabin* hut huts cottage* chalet* home village* дом дома домик* доме изба избы избу избушк* "
        "хижин* деревн*"
    ),
    "castle": "castle* palace* fortress* fairytale замок замк* дворец дворц* крепост*",
    "balloon": "balloon* hot-air воздушный воздушн* аэростат*",
    "rocket": "rocket* shuttle starship spaceship* ракет* шаттл* звездолет*",
    "palm": "palm palms tropic* пальм* тропи*",
    "tree": "tree oak* cherry sakura baobab* дерево дерев* дуб дуба дубы берез* сакур* вишн* баобаб*",
    "birds": (
        "bird birds gull* seagull* crane cranes eagle* swallow* flock* птиц* чайк* журавл* орел орлы ласточ* стая стаи"
    ),
}

HOURS: Table = {
    "sunset": "sunset* sundown evening* закат* вечер*",
    "dawn": "dawn* sunrise* morning* daybreak утр* рассвет* восход* заря зари",
    "dusk": "dusk twilight сумерк* сумереч* сумрак*",
    "night": (
        "night* midnight moon moonlit moonlight starry stars starlit milky aurora northern ночь ночи ночн* "
        "ночью полноч* луна луны лунн* луной звезд* сияние сияни*"
    ),
    "overcast": (
        "storm* overcast gloomy cloudy rain rainy raining thunder* drizzle шторм* буря бури пасмурн* гроз* "
        "дожд* ливень хмур*"
    ),
    "day": "day daytime noon midday sunny bright summer день днем дневн* полдень солнечн* лето летн* ясн*",
}

WEATHER: Table = {
    "fog": "fog foggy mist misty haze hazy туман тумана тумане туманн* туманом дымк* мгл*",
    "rain": "rain rainy raining storm* thunder* drizzle дожд* ливень гроз* шторм*",
    "snow": "snow snowy snowing snowfall blizzard снегопад* снежн* снег снега снегом метел* вьюг*",
    "stars": "stars starry milky galaxy звезд* млечн*",
    "aurora": "aurora borealis northern сияние сияни* аврор* полярн*",
    "clouds": "cloud clouds cloudy cloudscape облак* тучи туч",
}

SEASONS: Table = {
    "winter": (
        "winter* snow snowy frozen ice icy frost* arctic зима зимн* зимой снег* снеж* лед льды ледян* мороз* арктич*"
    ),
    "autumn": "autumn* fall october осень осени осенн* осенью октябр*",
    "spring": "spring cherry sakura весна весн* сакур*",
}

STYLES: Table = {
    "monochrome": "monochrome* noir b&w grayscale greyscale монохром* нуар* чб черно-бел*",
    "watercolour": "watercolo* aquarelle gouache акварел* гуаш*",
    "oil": (
        "oil impasto impressionis* painterly gogh monet brushstroke* масло маслом маслян* импрессион* мазк* "
        "мазок ван-гог*"
    ),
    "ink": (
        "ink sketch* lineart line-art line pencil* etching* engraving* drawing тушь тушью скетч* карандаш* "
        "линейн* линии гравюр* эскиз* набросок* рисунок рисунк*"
    ),
    "pixels": "pixel* 8-bit 8bit 16-bit пиксел*",
    "neon": "neon cyberpunk* synthwave vaporwave retrowave неон* киберпанк* синтвейв*",
    "film": ("film grain grainy kodak analog* analogue vintage retro 35mm пленк* пленоч* зерн* винтаж* ретро аналог*"),
}

COLOURS: Table = {
    "#d93636": "red crimson scarlet ruby красн* алый алая алое багров* рубинов*",
    "#ec7a2c": "orange amber copper оранжев* рыжий рыжая рыжее янтарн* медн*",
    "#e8bc3a": "yellow gold golden honey желт* золот* медов*",
    "#4fa04d": "green emerald lime olive зелен* изумруд* оливков*",
    "#2fa9a5": "teal turquoise mint cyan aqua бирюз* мятн* морской лазур*",
    "#3f7fd6": "blue azure sapphire indigo navy синий синяя синее синих синего голуб* индиго сапфир*",
    "#8a55c9": "purple violet lilac lavender magenta фиолет* лилов* сирен* пурпур* лаванд*",
    "#ec7fae": "pink rose-colored blush coral розов* коралл*",
    "#8c6244": "brown sepia chocolate coffee коричнев* сепия кофейн* шоколад*",
}
