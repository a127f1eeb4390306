"""Names, codes and sentences of the fictional county 澄湖市: made up, but as a practitioner would expect them.

No real firm's brand; USCCs have a right check digit and a division code that no place has; identity numbers a code that no person has; phones are of a range that
no operator assigns. Everything is drawn from the generator handed in, so the same seed gives the same county.
"""

from __future__ import annotations

from random import Random

from stdnum.cn import ric, uscc

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华慧建文红玉兰飞波斌宇浩凯健俊帆雪琳晨阳佳欣怡志鹏海燕春梅国栋立新正宏昌盛卫东晓峰思远雨桐子涵诗瑶博文天佑"

# Two-character brands that sound like the trade and belong to nobody.
BRANDS = [
    "清澜",
    "沐源",
    "衡岳",
    "拓垣",
    "砥诚",
    "汇测",
    "瀚准",
    "泓正",
    "嘉勘",
    "翰图",
    "仁测",
    "臻信",
    "禾审",
    "同砚",
    "弘矩",
    "润衡",
    "恪正",
    "启垠",
    "知衡",
    "览岳",
    "盛砥",
    "澄岚",
    "瑞勘",
    "致准",
    "宏砚",
    "安泓",
    "岳诚",
    "景垣",
    "汇砥",
    "正澜",
    "禾准",
    "立衡",
    "远砚",
    "嘉矩",
    "弘测",
    "启澄",
    "辰垣",
    "仁砥",
    "泽准",
    "沐衡",
    "卓勘",
    "同泓",
    "明砥",
    "润测",
    "翰正",
    "恒岚",
    "君审",
    "益垣",
    "承矩",
    "信澜",
    "博勘",
    "方砚",
    "祥准",
    "科垠",
    "禹测",
    "蓝衡",
    "启泓",
    "德矩",
    "新砥",
    "华岚",
    "东垣",
    "越准",
    "甬衡",
    "杭砚",
    "苏岳",
    "皖泓",
    "申矩",
    "江测",
    "浦勘",
    "湖衡",
    "海砥",
    "平岳",
    "秀垣",
    "桐准",
    "安勘",
    "长衡",
]

PLACES = {  # where an agency comes from: name as it stands in firms' names, weight
    "county": (["澄湖", "澄湖市"], 45),
    "prefecture": (["嘉宁"], 30),
    "province": (["浙江", "杭州", "宁波", "绍兴"], 15),
    "elsewhere": (["江苏", "上海", "安徽"], 10),
}

TRADES = {  # category code → endings of firms' names
    "eia": ["环境科技", "环保工程", "生态环境咨询", "环境技术服务"],
    "consulting": ["工程咨询", "项目管理", "投资咨询"],
    "water": ["水利设计咨询", "水土保持技术", "水务工程"],
    "surveying": ["测绘", "勘测设计", "地理信息"],
    "house-survey": ["房产测绘", "测绘技术"],
    "geotech": ["岩土工程", "勘察设计", "地质勘察"],
    "drawing-review": ["施工图审查", "建筑设计审图"],
    "energy": ["节能技术", "能源科技", "绿色低碳科技"],
    "cost": ["工程造价咨询", "工程管理", "建设工程咨询"],
    "tender": ["招标代理", "工程管理", "采购咨询"],
    "safety": ["安全技术", "安全评价", "安环科技"],
    "occupational-health": ["职业卫生技术", "检测技术"],
    "lightning": ["防雷检测", "雷电防护技术"],
    "testing": ["工程检测", "建设工程质量检测", "检测科技"],
    "audit": ["会计师事务所（普通合伙）", "会计师事务所", "资产评估"],
}

INDUSTRIES = [
    "箱包",
    "服装",
    "紧固件",
    "光机电",
    "食品",
    "化工新材料",
    "汽车零部件",
    "电子",
    "洁具",
    "童车",
    "印染",
    "家居",
    "精密机械",
    "包装",
    "生物科技",
    "物流",
]
PRODUCTS = [
    "年产 600 万件汽车紧固件技改项目",
    "年产 1200 万只拉杆箱智能化生产线项目",
    "年产 80 万套光学镜头扩建项目",
    "年产 3 万吨水性涂料迁建项目",
    "年产 500 万件功能性服装技改项目",
    "新建标准厂房及配套用房项目",
    "年加工 2 万吨水产品项目",
    "年产 200 万套卫浴五金项目",
    "冷链仓储物流中心项目",
    "年产 10 亿只电子连接器项目",
    "屋顶分布式光伏发电项目",
    "年产 5000 吨生物基材料项目",
    "厂区污水处理提标改造项目",
    "研发楼及辅助用房新建项目",
    "年产 300 台套智能装备项目",
    "年产 40 万辆童车零配件项目",
]
PUBLIC_WORKS = [
    "{road}（{a}至{b}段）改造工程",
    "{town}中心小学扩建工程",
    "{town}卫生院迁建项目",
    "{town}污水管网提升工程",
    "{road}公交首末站工程",
    "{town}农贸市场改造工程",
    "{town}老旧小区改造工程（二期）",
    "{town}邻里中心新建工程",
    "{road}景观提升工程",
    "{town}排涝泵站改建工程",
]
ROADS = ["澄江路", "湖滨大道", "兴业路", "创新大道", "桑园路", "环湖北路", "望澄路", "学院路", "新华南路", "东港路"]
TOWNS = ["新塍湖街道", "桑园街道", "东港镇", "西浜镇", "南荡镇", "北荻街道", "钟埭湾镇", "芦川镇"]
PUBLIC_BUYERS = [
    "澄湖市住房和城乡建设局",
    "澄湖市自然资源和规划局",
    "澄湖市财政局",
    "澄湖市交通建设投资集团有限公司",
    "澄湖市城市发展投资有限公司",
    "澄湖市第二中学",
    "澄湖经济技术开发区管理委员会",
    *[f"澄湖市{t}人民政府" if t.endswith("镇") else f"澄湖市人民政府{t}办事处" for t in TOWNS],
    "澄湖市第一人民医院",
    "澄湖市水务集团有限公司",
    "澄湖市教育局",
]

RETURN_REASONS = [
    ("seal", "承诺书未盖公章"),
    ("insurance", "社保证明不足三个月"),
    ("scope", "营业执照经营范围不含所报事项"),
]
ABOUT_AGENCY = "成立于{year}年，专注{trade}服务，现有专业技术人员{staff}人，服务范围覆盖{area}。"


def person(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def identity_number(rng: Random) -> str:
    """A resident identity number with a right check digit and the province's own code, which no person's number has."""
    birth = f"{rng.randint(1968, 1999)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"330000{birth}{rng.randint(1, 998):03d}"
    return body + ric.calc_check_digit(f"{body}0")


def social_code(rng: Random, kind: str = "91") -> str:
    """A USCC of kind 91 (firm), 12 (public institution) or 11 (authority)."""
    body = f"{kind}330499" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
    return body + uscc.calc_check_digit(body)


def mobile(rng: Random) -> str:
    """Of the range 100…, which is no mobile range, so nobody is ever called."""
    return "+86100" + "".join(rng.choice("0123456789") for _ in range(8))


def enterprise(rng: Random, taken: set[str]) -> str:
    while True:
        name = f"澄湖市{rng.choice(BRANDS)}{rng.choice(INDUSTRIES)}{rng.choice(['有限公司', '有限公司', '股份有限公司', '科技有限公司'])}"
        if name not in taken:
            taken.add(name)
            return name


def agency(rng: Random, category: str, place: str, taken: set[str]) -> str:
    while True:
        trade = rng.choice(TRADES[category])
        ending = "" if trade.startswith("会计师") else "有限公司"
        name = f"{rng.choice(PLACES[place][0])}{rng.choice(BRANDS)}{trade}{ending}"
        if name not in taken:
            taken.add(name)
            return name


def project(rng: Random, buyer: str, public: bool) -> str:
    if not public:
        return rng.choice(PRODUCTS)
    a, b = rng.sample(ROADS, 2)
    return rng.choice(PUBLIC_WORKS).format(road=rng.choice(ROADS), town=rng.choice(TOWNS), a=a, b=b)


def project_code(rng: Random, year_month: str) -> str:
    """项目代码 of the approval platform: YYMM-rrrrrr-04-01-nnnnnn."""
    return f"{year_month}-330499-04-01-{rng.randint(100000, 999999)}"
